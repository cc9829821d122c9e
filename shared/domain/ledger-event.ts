import type { Instant } from './calendar.ts';
import type { Caller, Role } from './caller.ts';
import type { Standing } from './colour.ts';
import type { CountyCode, PersonId } from './ids.ts';
import type { Owner } from './owner.ts';

/** Whom a fact names as its doer. */
export interface Actor {
  readonly id: PersonId;
  readonly role: Role;
  readonly owner?: Owner;
}

/** The caller as a fact names him. */
export const actorOf = ({ id, role, owner }: Pick<Caller, 'id' | 'role' | 'owner'>): Actor => ({
  id,
  role,
  ...(owner !== undefined && { owner }),
});

/** A fact before it has its place: what a rule answers. `type` is in the past tense, `data` is its own. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/**
 * A recorded fact, as it stands in the ledger for ever. Per subject the sequences are 1, 2, 3 … without a gap, so that an
 * omitted event shows; `id` is subject and sequence. Decimals stand as text or scaled integers, never as floating numbers.
 */
export interface LedgerEvent<Type extends string = string, Data = unknown> extends Fact<Type, Data> {
  readonly id: string;
  /** Server time. A time that somebody claims is part of `data`. */
  readonly at: Instant;
  readonly county: CountyCode;
  readonly colour: Standing;
  readonly subject: string;
  readonly sequence: number;
  readonly actor: Actor;
  /** The version of the shape of `data`. */
  readonly schema: number;
}

/** What every event of one command has in common. */
export interface Occasion {
  readonly at: Instant;
  readonly county: CountyCode;
  readonly actor: Actor;
}

/** Gives facts their places after the `last` recorded sequence of a subject. */
export function recordFacts<F extends Fact>(
  facts: readonly F[],
  subject: string,
  last: number,
  colour: Standing,
  occasion: Occasion,
): LedgerEvent<F['type'], F['data']>[] {
  return facts.map(({ type, data }, index) => {
    const sequence = last + index + 1;
    return { id: `${subject}:${sequence}`, ...occasion, colour, subject, sequence, type, data, schema: 1 };
  });
}
