/** What is said of a draw: its announcement, where it stands, how many. Never what was drawn. */
import type * as z from 'zod';
import type { StoredDraw } from '../../shared/data/draw-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { DRAW_STAGE_NAMES, drawIdOf } from '../../shared/domain/draw.ts';
import { isDrawOverdue } from '../../shared/domain/draw-evolve.ts';
import { DRAW_KIND_NAMES } from '../../shared/domain/draw-kind.ts';
import type { listDraws, readDraw, voidDraw } from './api.ts';

type Line = z.input<typeof listDraws.output>['items'][number];
type Whole = z.input<typeof readDraw.output>;

export function lineOf({ draw, version }: StoredDraw, at: Instant): Line {
  const { authority, number, kind, period, stage, announcedAt, drawAt, revealBy, because } = draw;
  return {
    authority,
    number,
    drawId: drawIdOf(draw),
    kind,
    kindName: DRAW_KIND_NAMES[kind],
    period,
    stage,
    stageName: DRAW_STAGE_NAMES[stage],
    announcedAt,
    drawAt,
    revealBy,
    isOverdue: isDrawOverdue(draw, at),
    ...(because !== undefined && { because }),
    version,
  };
}

export function wholeOf(stored: StoredDraw, at: Instant): Whole {
  const { draw } = stored;
  const { randomness, entries, iterations, void: end, revealedAt } = draw;
  return {
    ...lineOf(stored, at),
    window: { ...draw.window },
    announcement: draw.announcement,
    previous: draw.previous,
    files: { ...draw.files },
    strata: draw.strata.map((stratum) => ({ ...stratum, gap: stratum.wanted - stratum.quota })),
    ...(draw.leftOut !== undefined && { leftOut: { ...draw.leftOut } }),
    randomness: {
      sources: draw.sources,
      entries: entries.map(({ source, value, by, at: enteredAt }) => ({ source, value, by: by.id, at: enteredAt })),
      ...(randomness !== undefined && { sha256: randomness }),
    },
    iterations: iterations.map(({ no, substitution, result, assignedAt }) => ({
      no,
      ...(substitution !== undefined && { replaced: substitution.objects }),
      ...(result !== undefined && { drawn: result.selected, unassigned: result.unassigned, sha256: result.sha256 }),
      ...(assignedAt !== undefined && { assignedAt }),
    })),
    ...(end !== undefined && { void: { reason: end.reason, at: end.at } }),
    ...(revealedAt !== undefined && { revealedAt }),
    ...(draw.lost !== undefined && { lost: [...draw.lost] }),
  };
}

export const standsOf = ({ draw, version }: StoredDraw): z.input<typeof voidDraw.output> => ({
  authority: draw.authority,
  number: draw.number,
  stage: draw.stage,
  version,
});
