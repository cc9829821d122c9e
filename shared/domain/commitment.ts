/**
 * Personal data never enters the ledger in clear. It stands there as a commitment, `sxj-pii-1:` and the MAC of path and value under a salt
 * of its own; salt and value lie in a store of their own, from where a person's data can be taken away while every proof stays valid.
 */

export const COMMITMENT = 'sxj-pii-1:';

/** A value that stands as a commitment: `path` is its member path in the event (`data.contacts.0.name`), the salt is 32 bytes in hex. */
export interface CommittedValue {
  readonly path: string;
  readonly salt: string;
  readonly value: string;
}

/** What belongs to the commitments of one event. */
export interface CommittedValues {
  readonly subject: string;
  readonly sequence: number;
  readonly values: readonly CommittedValue[];
}

export const personalSubject = (subject: string): string => `PERSONAL#${subject}`;

export type PersonalFact = {
  readonly type: 'PersonalDataRemoved';
  /** How many values of how many events of the subject; never what they were. */
  readonly data: { readonly of: string; readonly values: number; readonly events: number; readonly reason: string };
};
