/** Tickets: a keyed number for every question that chance decides. The lowest comes first. */
import { createHmac } from 'node:crypto';
import { mac } from './bytes.ts';

/** The key of an iteration (HKDF-Extract, the code as salt) from its code and the public randomness. */
export const prkOf = (code: Uint8Array, ikm: string): Uint8Array => mac(code, ikm);

/** The ticket of a label (HKDF-Expand to 32 bytes), in hex: texts of one length order as their bytes do. */
export const ticketOf = (prk: Uint8Array, label: string): string =>
  createHmac('sha256', prk).update(`${label}\u0001`).digest('hex');

/** The tickets of one iteration of one draw. */
export interface Tickets {
  /** T: the lowest of as many tickets as the object has weight. */
  object(stratum: string, object: string, weight: number): string;
  day(object: string, day: string): string;
  inspector(object: string, inspector: string): string;
  item(object: string, item: string): string;
}

export function ticketsOf(drawId: string, prk: Uint8Array): Tickets {
  const of = (label: string): string => ticketOf(prk, `${drawId}${label}`);
  return {
    object(stratum, object, weight) {
      let lowest = of(`/o/${stratum}/${object}#1`);
      for (let j = 2; j <= weight; j++) {
        const ticket = of(`/o/${stratum}/${object}#${j}`);
        if (ticket < lowest) lowest = ticket;
      }
      return lowest;
    },
    day: (object, day) => of(`/d/${object}/${day}`),
    inspector: (object, inspector) => of(`/i/${object}/${inspector}`),
    item: (object, item) => of(`/t/${object}/${item}`),
  };
}

interface Ticketed {
  readonly id: string;
  readonly ticket: string;
}

const isBefore = (a: Ticketed, b: Ticketed): boolean => a.ticket < b.ticket || (a.ticket === b.ticket && a.id < b.id);

const ticketed = (ids: readonly string[], ticket: (id: string) => string): Ticketed[] =>
  ids.map((id) => ({ id, ticket: ticket(id) }));

/** Ids in the order that chance gives them: ascending by ticket, equal tickets by id. */
export const ranked = (ids: readonly string[], ticket: (id: string) => string): readonly string[] =>
  ticketed(ids, ticket)
    .sort((a, b) => (isBefore(a, b) ? -1 : 1))
    .map(({ id }) => id);

/** The first few of `ranked`, without an order of the rest. */
export function firstRanked(ids: readonly string[], most: number, ticket: (id: string) => string): readonly string[] {
  const first: Ticketed[] = [];
  for (const one of ticketed(ids, ticket)) {
    const last = first[most - 1];
    if (last !== undefined && isBefore(last, one)) continue;
    const at = first.findIndex((other) => isBefore(one, other));
    first.splice(at < 0 ? first.length : at, 0, one);
    first.length = Math.min(first.length, most);
  }
  return first.map(({ id }) => id);
}
