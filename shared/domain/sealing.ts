/** The county's log (封存日志): every event of the ledger in one order that never changes, in a Merkle tree whose head is signed. */

import type { Instant } from './calendar.ts';

/** The place of an event in the ledger: the log names its entries so. */
export interface EventPlace {
  readonly subject: string;
  readonly sequence: number;
}

/** What may be wrong between ledger and log: an event that cannot be sealed, and one that was sealed and is not in the ledger as it was. */
export const FINDINGS = ['unsealable', 'lost'] as const;

/** Something that is wrong and that nothing here mends. It is told when it is found, and is open until it is set right. */
export interface Finding extends EventPlace {
  readonly what: (typeof FINDINGS)[number];
  readonly because: string;
  readonly since: Instant;
  /** Its place in the log, where it has one. */
  readonly index?: number | undefined;
}

/** What is known of the log in the table. `size`: so many events have their place; of these the first `signed.size` are in the tree that was signed. */
export interface LogHead {
  readonly size: number;
  /** Absent before the first was signed. */
  readonly signed?: SignedHead | undefined;
}

export interface SignedHead {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** The whole signed note, as it lies in S3. */
  readonly note: string;
  /** The verifier keys (`name+id+key`) of the signatures, each with the size from which it signs. */
  readonly keys: readonly SigningKey[];
  /** Keys that signed before, and never will again; `until` is the last size that they may have signed. */
  readonly retired?: readonly (SigningKey & { readonly until: number })[] | undefined;
}

export interface SigningKey {
  readonly vkey: string;
  readonly since: number;
}

export const LOG_SUBJECT = 'LOG';

export type SealingFact =
  | { readonly type: 'SealingKeyAdopted'; readonly data: { readonly vkey: string; readonly since: number } }
  | { readonly type: 'SealingKeyRetired'; readonly data: { readonly vkey: string; readonly until: number } };
