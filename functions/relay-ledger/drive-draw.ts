import * as z from 'zod';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { DrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { dayOf } from '../../shared/domain/calendar.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { department, drawPeriod } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { named } from '../../shared/runtime/schemas.ts';
import { firstAttemptOn } from '../../workflows/inspection-draw/contract.ts';
import { type DrawExecutions, startNext } from '../../workflows/inspection-draw/executions.ts';
import { tellingOf } from '../../workflows/inspection-draw/standing.ts';

export interface DriveDrawDependencies {
  readonly draws: Pick<DrawStore, 'load' | 'ofPeriod'>;
  readonly tokens: DrawTokenStore;
  readonly executions: Pick<DrawExecutions, 'start' | 'status' | 'answer'>;
}

/** After these a draw may be owed something else than its run waits for. The others are of the run's own doing. */
const WAKING: ReadonlySet<string> = new Set(['RandomnessSettled', 'ObjectsReplaced', 'DrawVoided', 'DrawInspected']);

/** What a person asked for. */
const asked = z.object({ kind: z.enum(DRAW_KINDS), period: named(drawPeriod), reason: z.string() });

/** Tells a draw's run what happened to it, and begins the draw that a person asked for. Told again, it does nothing more. */
export const driveDraw =
  ({ draws, tokens, executions }: DriveDrawDependencies) =>
  async ({ type, subject, data, at, actor }: LedgerEvent): Promise<void> => {
    const [what, authority = '', number] = subject.split('#');
    if (!department.is(authority)) return;
    if (what === 'SERIES' && type === 'DrawAsked') {
      const { kind, period, reason } = asked.parse(data);
      const held = await draws.ofPeriod({ authority, kind, period });
      if (held !== undefined && held.draw.announcedAt >= at) return; // it was answered
      const { id, role, owner } = actor;
      const by = { id, role, ...(owner !== undefined && { owner }) };
      const attempt = firstAttemptOn(dayOf(at));
      await startNext(executions, { authority, kind, period, attempt, at, number: 0, asked: [{ reason, by }] });
    }
    if (what !== 'DRAW' || !WAKING.has(type)) return;
    const ref = { authority, number: Number(number) };
    const known = await draws.load(ref);
    const token = known && (await tokens.of(known.draw));
    const now = token && (await draws.load(ref)); // read after the token
    const telling = now && tellingOf(now.draw, token, at);
    if (token !== undefined && telling !== undefined) await executions.answer(token.token, telling);
  };
