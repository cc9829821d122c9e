/** The files that come after the announcement: results, substitutions, the end of a draw that is void. */
import * as z from 'zod';
import { ALGORITHM, visitDays } from './announcement.ts';
import { ascends, count, day, hex, id, instant } from './values.ts';

const algorithm = z.literal(ALGORITHM, `is not ${ALGORITHM}`);
const reason = z.string().min(1, 'is empty');
/** A chain of 64 links has codes for 63 iterations. */
const iteration = (first: number) => count(first, 63);

const selected = z
  .strictObject({
    day: day.nullable(),
    items: z.array(id).readonly(),
    object: id,
    rank: count(1, Number.MAX_SAFE_INTEGER),
    stratum: id,
    team: z.array(id).readonly(),
    ticket: hex,
  })
  .readonly();

/** One drawn object: where it stands, when it is visited, by whom, for what. No day and no team where nobody was free. */
export type Selected = z.infer<typeof selected>;

/** `result-<i>.json`. */
export const result = z
  .strictObject({
    algorithm,
    announcement: hex,
    code: hex,
    drawId: z.string(),
    iteration: iteration(1),
    randomness: z.string(),
    selected: z.array(selected).readonly(),
    substitution: hex.nullable(),
  })
  .readonly();
export type Result = z.infer<typeof result>;

/** `substitution-<i>.json`: which drawn objects are replaced, and why. */
export const substitution = z
  .strictObject({
    algorithm,
    announcement: hex,
    days: visitDays,
    iteration: iteration(2),
    replace: z
      .array(z.strictObject({ object: id, reason }).readonly())
      .min(1, 'replaces nothing')
      .refine((replace) => ascends(replace.map(({ object }) => object)), 'does not ascend strictly by object')
      .readonly(),
  })
  .readonly();
export type Substitution = z.infer<typeof substitution>;

/** `void.json`: the draw does not count, its number stays used. */
export const voided = z.strictObject({ algorithm, announcement: hex, reason, voidedAt: instant }).readonly();
export type Voided = z.infer<typeof voided>;
