/** The sources of public randomness that a deployment names: what an announcement says of each follows from it and the calendar. */
import * as z from 'zod';

const chain = z.string().regex(/^[0-9a-f]{64}$/, { error: 'is not the hash of a chain, 64 lower-case hex digits' });

/** A drand chain. Where there are mirrors its values are fetched, each proving itself; where there are none two persons enter them. */
const drand = z.strictObject({
  type: z.literal('drand'),
  chain,
  /** Seconds since 1970 of its first round, and from each round to the next. */
  genesis: z.int().nonnegative(),
  period: z.int().positive(),
  mirrors: z.array(z.url({ protocol: /^https$/ })).readonly(),
});

/** From 1, Monday, to 7, Sunday, as the policy counts them. */
const weekday = z.int().min(1).max(7);

/** Numbers that somebody else draws in public on certain days, entered by two persons. An issue is named by its day: `2026-06-25`. */
const numbers = z.strictObject({
  type: z.literal('numbers'),
  name: z.string().regex(/^(?!drand$)[a-z0-9][a-z0-9-]{0,31}$/, { error: 'is not a name of a source of numbers' }),
  ordered: z.boolean(),
  /** Of each group: how many numbers, the lowest, the highest. */
  shape: z
    .array(z.tuple([z.int().min(1), z.int().min(0), z.int().min(0)]).readonly())
    .min(1)
    .readonly(),
  days: z.array(weekday).min(1).readonly(),
  /** When they are public on such a day, on the county's clock. */
  time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time of day, HH:MM' }),
});

export const randomnessSource = z.discriminatedUnion('type', [drand, numbers]);
export type RandomnessSource = Readonly<z.infer<typeof randomnessSource>>;

/** All of a county's, in the order in which every announcement names them. */
export const randomnessSources = z.array(randomnessSource).min(1).max(4).readonly();

/** The same as a function finds them in its environment (`RANDOMNESS`). */
export const randomnessSetting = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(randomnessSources);
