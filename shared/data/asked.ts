/** What a command of a person is recorded as: who asked for it and when, and what he was answered. */
import { plusDays } from '../domain/calendar.ts';
import { actorOf, type Occasion } from '../domain/ledger-event.ts';
import { sha256 } from '../draw/bytes.ts';
import { policyFor } from '../policy/load.ts';
import type { Request, Route } from '../runtime/route.ts';
import type { CommandRecord } from './commit.ts';

/** What a command is recorded from. */
export type Asked = Pick<Request<Route>, 'caller' | 'at' | 'commandId' | 'requestHash'>;

export const occasionOf = ({ caller, at }: Asked): Occasion => ({ at, county: caller.county, actor: actorOf(caller) });

/** Names what a command makes, in twenty hex digits: the same command of the same person makes the same. */
export const nameOfCommand = ({ caller, commandId }: Pick<Asked, 'caller' | 'commandId'>): string =>
  sha256(`${caller.id}\n${commandId}`).slice(0, 20);

export const commandRecord = ({ caller, at, commandId: id, requestHash }: Asked, answer: unknown): CommandRecord => ({
  by: caller.id,
  id,
  requestHash,
  answer,
  keptUntil: plusDays(at, policyFor(caller.county, at).commands.answers.kept.days),
});
