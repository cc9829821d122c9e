/** A digest for apps: the words of it, and the facts behind them. Standard Webhooks asks for a type, a timestamp and data. */
import type { Reminder } from '../domain/reminder.ts';
import type { Digest } from './digest.ts';
import { fitted } from './fit.ts';
import { oneLine, shorten } from './shorten.ts';

/** What people wrote stands beside, shortened, in the words. */
const FACT_BYTES = 300;

/** The texts of a fact, made short, whatever fact it is. */
const short = (value: unknown): unknown => {
  if (typeof value === 'string') return shorten(oneLine(value), FACT_BYTES);
  if (Array.isArray(value)) return value.map(short);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, short(one)]));
};

const factsOf = ({ id, at, about, content, why }: Reminder) => ({
  ...{ id, at, about, content: short(content) },
  ...(why !== undefined && { why: { rule: why.rule, clause: why.clause, edition: why.edition, origin: why.origin } }),
});

/** As JSON of at most so many bytes; what found no room is counted. */
export const jsonOf = (digest: Digest, most: number, shorter: boolean): string =>
  fitted(digest, { most, shorter, clean: oneLine }, ({ title, items, left }) =>
    JSON.stringify({
      type: 'reminders.digest',
      timestamp: digest.at,
      data: {
        ...{ message: digest.id, subscription: digest.subscription, language: digest.language },
        ...{ title, isUrgent: digest.isUrgent, grade: digest.grade, link: digest.link },
        items: items.map(({ reminders, ...words }) => ({ ...words, reminders: reminders.map(factsOf) })),
        left,
      },
    }),
  );
