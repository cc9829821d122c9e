/** `announcement.json`: everything that decides a draw but the secret and the public randomness, published before either can be known. */
import * as z from 'zod';
import type { FaultCode } from './fault.ts';
import { drandRoundAt, hasBitsEnough, KNOWN_CHAINS, LEAST_BITS, source } from './sources.ts';
import { ascends, count, day, hex, id, instant, secondsOf } from './values.ts';

export const ALGORITHM = 'sxj-draw-1';

/** What stands for the announcement before the first. */
export const NO_PREVIOUS = '0'.repeat(64);

/** Seconds that have to lie between an announcement and its randomness. */
export const AHEAD_SECONDS = 86_400;

const whole = count(0, Number.MAX_SAFE_INTEGER);

const member = z.strictObject({ count: count(1, 20), role: id }).readonly();

/** A stratum: what part of the objects is drawn together, how many of it, and who visits each. */
const stratum = z
  .strictObject({
    items: count(0, 1000),
    name: id,
    quota: count(1, Number.MAX_SAFE_INTEGER),
    team: z
      .array(member)
      .refine((team) => new Set(team.map(({ role }) => role)).size === team.length, 'has a role twice')
      .readonly(),
  })
  .readonly();
export type Stratum = z.infer<typeof stratum>;

const roster = z.strictObject({ lines: whole, sha256: hex }).readonly();

/** Days on which visits may fall; none where days are not drawn. */
export const visitDays = z.array(day).refine(ascends, 'does not ascend strictly').readonly();

const members = z.strictObject({
  algorithm: z.literal(ALGORITHM, `is not ${ALGORITHM}`),
  announcedAt: instant,
  asOf: whole,
  authority: id.max(32, 'has more than 32 characters'),
  commitment: z.strictObject({ length: count(2, 64), value: hex }).readonly(),
  days: visitDays,
  drawAt: instant,
  files: z
    .strictObject({
      inspectors: roster,
      items: roster,
      objects: z.strictObject({ lines: whole, root: hex, sha256: hex }).readonly(),
      recusals: roster,
    })
    .readonly(),
  kind: id,
  number: count(1, 999_999),
  perDay: count(1, 1000),
  period: id,
  policy: hex,
  previous: hex,
  revealBy: instant,
  software: hex,
  sources: z.array(source).min(1, 'names no source').max(4, 'names more than 4 sources').readonly(),
  strata: z
    .array(stratum)
    .refine((strata) => new Set(strata.map(({ name }) => name)).size === strata.length, 'has a stratum twice')
    .readonly(),
});

type Members = z.infer<typeof members>;

/** Kinds of this county's draws, whose periods are months, two months, quarters or years: of such a kind a period has one name. */
const DATED_KIND = /^(?:RANDOM\..*|SPECIAL|EXPERT|COMPREHENSIVE)$/;
const PERIOD = /^\d{4}(?:-(?:0[1-9]|1[0-2]|01_02|03_04|05_06|07_08|09_10|11_12|Q[1-4]))?$/;

/** What is wrong with the announcement's values beside each other: code, path and words. */
function* wrongWith(one: Members): Generator<readonly [FaultCode, readonly PropertyKey[], string]> {
  if ((one.number === 1) !== (one.previous === NO_PREVIOUS))
    yield ['series', ['previous'], 'is 64 zeros for number 1 and for no other'];
  // Under another name the same period could be drawn twice.
  if (DATED_KIND.test(one.kind) && !PERIOD.test(one.period))
    yield ['form', ['period'], 'is not a year, a quarter, two months or a month (2026, 2026-Q2, 2026-05_06, 2026-06)'];
  const [announced, drawn] = [secondsOf(one.announcedAt), secondsOf(one.drawAt)];
  if (drawn < announced + AHEAD_SECONDS) yield ['too-early', ['drawAt'], 'is less than 24 hours after announcedAt'];
  if (secondsOf(one.revealBy) <= drawn) yield ['form', ['revealBy'], 'is not after drawAt'];
  const said = new Set<string>();
  for (const [at, each] of one.sources.entries()) {
    const path = ['sources', at];
    // The same outcome twice would count its bits twice.
    const key = each.type === 'drand' ? `drand.${each.chain}` : `${each.name}.${each.issue}`;
    if (said.has(key)) yield ['few-bits', path, 'is a source that stands there already'];
    said.add(key);
    if (each.type === 'numbers') {
      const ready = secondsOf(each.at);
      if (ready < announced + AHEAD_SECONDS) yield ['too-early', [...path, 'at'], 'is less than 24 hours after announcedAt'];
      if (ready > drawn) yield ['form', [...path, 'at'], 'is after drawAt'];
      continue;
    }
    const known = KNOWN_CHAINS[each.chain];
    // Nobody could prove a value of an unknown chain. A false beginning of a known one would make an old round, whose value everybody knows, the round of the instant.
    if (known === undefined) yield ['form', [...path, 'chain'], 'is not a drand chain whose key is known here'];
    else if (known.genesis !== each.genesis || known.period !== each.period)
      yield ['form', path, `is not how ${known.called} runs: genesis ${known.genesis}, period ${known.period}`];
    const round = drandRoundAt(each, one.drawAt);
    if (each.round !== round) yield ['form', [...path, 'round'], `is ${each.round} where drawAt gives ${round}`];
  }
  if (!hasBitsEnough(one.sources)) yield ['few-bits', ['sources'], `have fewer than ${LEAST_BITS} bits together`];
}

/** The schema of `announcement.json`, with the rules that tie its values to each other. */
export const announcement = members.readonly().superRefine((one, context) => {
  for (const [fault, path, message] of wrongWith(one))
    context.addIssue({ code: 'custom', path: [...path], message, params: { fault } });
});
export type Announcement = z.infer<typeof announcement>;

/** The id of a draw: its authority and its number, `533102.YJJ:000017`. */
export const drawIdOf = ({ authority, number }: Pick<Announcement, 'authority' | 'number'>): string =>
  `${authority}:${String(number).padStart(6, '0')}`;

/** The quota that a share p/q of n objects is: rounded up, at least one, never more than there are. */
export function quotaOfShare(p: number, q: number, n: number): number {
  const [part, whole, all] = [BigInt(p), BigInt(q), BigInt(n)];
  return Math.min(n, Math.max(1, Number((all * part + whole - 1n) / whole)));
}
