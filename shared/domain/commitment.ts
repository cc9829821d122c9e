/**
 * Personal data never enters the ledger in clear. It stands there as a commitment, `sxj-pii-1:` and the MAC of path and value under a salt
 * of its own; salt and value lie in a store of their own, from where a person's data can be taken away while every proof stays valid.
 */

export const COMMITMENT = 'sxj-pii-1:';

const WHOLE = /^sxj-pii-1:[0-9a-f]{64}$/;

/** Whether a text of an event is nothing but a commitment. */
export const isCommitment = (text: string): boolean => WHOLE.test(text);

/** A value that stands as a commitment: `path` is its member path in the event (`data.contacts.0.name`), the salt is 32 bytes in hex. */
export interface CommittedValue {
  readonly path: string;
  readonly salt: string;
  readonly value: string;
}

/** What is stored of an event's commitments. */
export type SaltedValues = readonly CommittedValue[];

/** What belongs to the commitments of one event. */
export interface CommittedValues {
  readonly subject: string;
  readonly sequence: number;
  readonly values: SaltedValues;
}

export const personalSubject = (subject: string): string => `PERSONAL#${subject}`;

export type PersonalFact = {
  readonly type: 'PersonalDataRemoved';
  /** How many values of how many events of the subject; never what they were. */
  readonly data: { readonly of: string; readonly values: number; readonly events: number; readonly reason: string };
};

/** What people read in the place of a commitment. */
const SHOWN = '（含个人信息，不在此显示）';

/** A text of an event as people may read it. */
export const shownText = (text: string): string => (isCommitment(text) ? SHOWN : text);

/** A text somewhere in a value, with the members that lead to it. */
export interface TextAt {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every text of a value, in the order of its members. */
export function* textsIn(value: unknown, path: readonly string[] = []): Generator<TextAt> {
  if (typeof value === 'string') yield { path, text: value };
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* textsIn(member, [...path, name]);
  }
}

/** A member path as commitments are made over it. */
export const pathName = (path: readonly string[]): string => path.join('.');

/** The value with other texts in it, where `other` answers one; the same object where it answers none. */
export function withTexts<Value>(value: Value, other: (at: TextAt) => string | undefined, path?: readonly string[]): Value;
export function withTexts(value: unknown, other: (at: TextAt) => string | undefined, path: readonly string[] = []): unknown {
  if (typeof value === 'string') return other({ path, text: value }) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(
    ([name, member]) => [name, member, withTexts(member, other, [...path, name])] as const,
  );
  if (members.every(([, before, after]) => before === after)) return value;
  if (Array.isArray(value)) return members.map(([, , after]) => after);
  return Object.fromEntries(members.map(([name, , after]) => [name, after]));
}

const DATA = 'data';

/** The event with its values in clear again, as far as they are still kept. */
export function withValues<Event extends { readonly data: unknown }>(event: Event, values: readonly CommittedValue[]): Event {
  const kept = new Map(values.map(({ path, value }) => [path, value]));
  const data = withTexts(event.data, ({ path, text }) => (isCommitment(text) ? kept.get(pathName(path)) : undefined), [DATA]);
  return { ...event, data };
}
