/** The forms of single values. */
import * as z from 'zod';

const ID = '[A-Za-z0-9][A-Za-z0-9._:-]{0,63}';

/** The pattern of an id, to build the pattern of a line with. */
export const ID_PATTERN = ID;

/** An opaque name of an object, an inspector, a role: never a person's name. */
export const id = z.string().regex(new RegExp(`^${ID}$`), 'is not an ID');

/** A name of a source of numbers or of one of its issues. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not a NAME');

/** SHA-256 in lower-case hex. */
export const hex = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 lower-case hex digits');

/** Whether a text is a real date, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether a text is an instant of whole seconds in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
function isInstant(text: string): boolean {
  const date = new Date(text);
  const hasForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text);
  return hasForm && !Number.isNaN(date.getTime()) && date.toISOString() === text.replace('Z', '.000Z');
}

/** A calendar day on which visits may fall. */
export const day = z.string().refine(isDay, 'is not a real date (YYYY-MM-DD)');

/** An instant, whole seconds in UTC. */
export const instant = z.string().refine(isInstant, 'is not an instant (YYYY-MM-DDThh:mm:ssZ)');

/** Seconds since 1970 of an instant that kept its form. */
export const secondsOf = (text: string): number => Date.parse(text) / 1000;

/** The instant at a number of seconds since 1970. */
export const instantAt = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A whole number between two bounds. */
export const count = (low: number, high: number) =>
  z.int(`is not a whole number`).min(low, `is less than ${low}`).max(high, `is more than ${high}`);

/** Whether texts ascend strictly, so that none stands twice. Ids and days are ASCII: units of a string order as bytes do. */
export const ascends = (texts: readonly string[]): boolean => texts.every((text, at) => at === 0 || (texts[at - 1] ?? '') < text);
