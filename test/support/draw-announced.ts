/** A draw as it was announced, for tests that are not about what it draws. */
import { instant } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact } from '../../shared/domain/draw.ts';
import { countyCode, department, drawPeriod } from '../../shared/domain/ids.ts';

type Announced = Extract<DrawFact, { type: 'DrawAnnounced' }>;

const SHA = 'a'.repeat(64);

export const announcement = (change: Partial<Draw> = {}): Announced => ({
  type: 'DrawAnnounced',
  data: {
    county: countyCode('533102'),
    authority: department('YJJ'),
    number: 1,
    kind: 'RANDOM.RED',
    period: drawPeriod('2026-03'),
    window: { from: instant('2026-02-28T16:00:00Z'), until: instant('2026-03-31T16:00:00Z') },
    announcedAt: instant('2026-02-26T01:00:00Z'),
    drawAt: instant('2026-02-28T01:00:00Z'),
    revealBy: instant('2026-04-15T16:00:00Z'),
    announcement: SHA,
    previous: '0'.repeat(64),
    files: { objects: SHA, inspectors: SHA, recusals: SHA, items: SHA },
    strata: [{ name: 'RED.hazardous-chemicals', objects: 1, quota: 1, wanted: 1 }],
    teamSize: 2,
    sources: 1,
    ...change,
  },
});
