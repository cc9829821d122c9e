import { openPeriods } from '../../functions/open-period/open-period.ts';
import { type Instant, instant, periodAt } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { type DutyPage, withPoint } from '../../shared/domain/duty-page.ts';
import { countyCode, riskNo } from '../../shared/domain/ids.ts';
import type { PeriodOpened } from '../../shared/domain/notice.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { BusRefused } from '../../shared/runtime/event-bus.ts';
import { ownerNumber } from '../bench/county.ts';
import { fakeDuties } from '../support/duties.ts';

const county = countyCode('533102');
const at = instant('2026-03-02T00:07:00+08:00'); // a Monday
const cadences = cadencesOf(county, at);
const week = periodAt('week', at);

/** Points that have been due since `since` periods ago, of which those in `checked` were checked in this one. */
async function withPages(
  pages: readonly { owner: Owner; workshop?: string; colour: Colour; points: readonly string[]; checked?: readonly string[] }[],
) {
  const store = fakeDuties();
  for (const { points, checked = [], ...whose } of pages) {
    const now = periodAt(cadences[whose.colour], at);
    const page: DutyPage = points.reduce<DutyPage>(
      (before, no) =>
        withPoint(before, riskNo(no), {
          spans: [{ from: now - 1 }],
          cleared: [[now - 1, checked.includes(no) ? now : now - 1]],
          late: [],
          stops: [],
        }),
      { ...whose, points: {} },
    );
    await store.save({
      pages: [{ page, ifVersion: 0 }],
      exceptions: [],
      events: [],
    });
  }
  return store;
}

function opening(store: Awaited<ReturnType<typeof withPages>>, take: (told: PeriodOpened) => boolean = () => true) {
  const told: PeriodOpened[] = [];
  const noted: Instant[] = [];
  const open = openPeriods({
    opened: () => ({ advance: async (through) => void noted.push(through) }),
    store,
    county,
    cadences,
    whyOf: (colour) => whyCheck(policyFor(county, at), colour),
    bus: {
      publish: async (notices) => {
        told.push(...notices.filter(take));
        return notices.filter((notice) => !take(notice));
      },
    },
  });
  return { told, noted, open: (when: Instant = at) => open('week', when) };
}

const [first, second, third] = [1, 2, 3].map(ownerNumber) as [Owner, Owner, Owner];

test('each enterprise hears once what the period asks of it, where, until when and why; who has nothing to do hears nothing', async () => {
  const store = await withPages([
    { owner: first, colour: 'ORANGE', points: ['A1'] },
    { owner: first, workshop: '一车间', colour: 'ORANGE', points: ['B1', 'B2', 'B3'], checked: ['B2'] },
    { owner: second, colour: 'ORANGE', points: ['A1'], checked: ['A1'] },
    { owner: third, colour: 'RED', points: ['A1'] },
  ]);
  const { told, open } = opening(store);
  expect(await open()).toEqual({ told: 1, points: 3 });
  expect(told).toMatchObject([
    {
      type: 'PeriodOpened',
      owner: first,
      colour: 'ORANGE',
      cadence: 'week',
      period: '2026-W10',
      from: '2026-03-01T16:00:00.000Z',
      until: '2026-03-08T16:00:00.000Z',
      due: 3,
      places: [{ points: ['A1'] }, { workshop: '一车间', points: ['B1', 'B3'] }],
      why: { clause: '二(五)', rule: 'selfChecks.ORANGE' },
    },
  ]);
});

test('told again it says the same under the same id, and a call that is late tells only what is still open', async () => {
  const store = await withPages([{ owner: first, colour: 'ORANGE', points: ['A1', 'A2'] }]);
  const { told, open } = opening(store);
  await open();
  await open();
  const [once, again] = told;
  expect(again).toEqual(once);
  const [stored] = await store.pagesOf(first);
  if (stored === undefined) throw new Error('the page is there');
  const point = stored.page.points[riskNo('A1')];
  if (point === undefined) throw new Error('the point is there');
  const points = { ...stored.page.points, [riskNo('A1')]: { ...point, cleared: [[week - 1, week] as const] } };
  await store.save({ pages: [{ page: { ...stored.page, points }, ifVersion: 1 }], exceptions: [], events: [] });
  await open(instant('2026-03-04T09:00:00+08:00'));
  expect(told[2]).toMatchObject({ id: once?.id, due: 1, places: [{ points: ['A2'] }] });
});

test('what the bus does not take makes the call fail, so that it is called again', async () => {
  const store = await withPages([
    { owner: first, colour: 'ORANGE', points: ['A1'] },
    { owner: second, colour: 'ORANGE', points: ['A1'] },
  ]);
  const refused = opening(store, ({ owner }) => owner === first);
  await expect(refused.open()).rejects.toThrow(BusRefused);
  // What was not told whole is not noted as told, so that somebody makes it up.
  expect(refused.noted).toEqual([]);
  const { open, noted } = opening(store);
  await open();
  expect(noted).toEqual(['2026-03-01T16:00:00.000Z']);
});
