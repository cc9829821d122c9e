/**
 * How much a case holds. A case is one item of its table, which takes 400 KB, and a case that grew beyond could neither be carried on
 * nor be told up the ladder. So it keeps the latest of what has no natural end; all of it stands in the ledger.
 */
import type { Hazard } from './hazard.ts';

/**
 * So many characters of attempts, orders, extensions, evacuations and progress each. At three bytes to a character, and with the longest
 * plan and reasons beside them, a case stays under 300 KB; of entries as people write them these are some dozens.
 */
export const KEPT_CHARACTERS = 8_000;

/** So many orders may be in force at a time, and so many where the enterprise itself gives one: the authorities' always find room. */
export const ORDERS_IN_FORCE = { authority: 6, own: 3 } as const;

/** So many people may have a hand in one cure: all of them are remembered, since none of them may accept it. */
export const MOST_FIXERS = 100;

/** So many missed deadlines, each a few hundred characters, and closings. */
const MOST_MISSED = 40;
const MOST_CLOSINGS = 20;

const charactersOf = (value: unknown): number => JSON.stringify(value).length;

/** The last and what still matters in any case, and of the others the latest that find room. */
function latest<Item>(items: readonly Item[], stillMatters: (item: Item) => boolean): readonly Item[] {
  if (charactersOf(items) <= KEPT_CHARACTERS) return items;
  const last = items.at(-1);
  const stays = (item: Item) => item === last || stillMatters(item);
  let room = items.filter(stays).reduce((left, item) => left - charactersOf(item), KEPT_CHARACTERS);
  const kept = items.filter(() => false);
  for (const item of items.toReversed()) {
    if (!stays(item)) room -= charactersOf(item);
    if (stays(item) || room >= 0) kept.unshift(item);
  }
  return kept;
}

/** The case with as much as it may hold. */
export function bounded(hazard: Hazard): Hazard {
  const { attempts, orders, extensions, evacuations, listing, missed, closings } = hazard;
  const past = missed.filter(({ met }) => met !== undefined).slice(-MOST_MISSED);
  return {
    ...hazard,
    attempts: latest(attempts, () => false),
    orders: latest(orders, ({ lifted }) => lifted === undefined),
    extensions: latest(extensions, ({ state }) => state === 'asked' || state === 'granted'),
    evacuations: latest(evacuations, ({ answer }) => answer === undefined),
    ...(listing && { listing: { ...listing, progress: latest(listing.progress, () => false) } }),
    missed: missed.filter((miss) => miss.met === undefined || past.includes(miss)),
    closings: closings.slice(-MOST_CLOSINGS),
  };
}
