/**
 * What a kind of channel (渠道) is: how its address looks, what it takes, how it is signed, how its answers are read. A kind is one file
 * beside this one, and its line in `all.ts`. Pure: no network, no clock; secrets are arguments and never part of a result but a request.
 */
import type { Instant } from '../domain/calendar.ts';
import type { Outcome, RateLimit } from '../domain/receiver.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { Digest } from './digest.ts';
import type { Item } from './item.ts';

/** The secret part of a subscription, as it stands encrypted. */
export interface Address {
  /** What is called: the whole of it, with the key that is the robot's. */
  readonly url: string;
  /** What signs, newest first; one that was replaced is good until its `until`, beside it or where it does not fit. */
  readonly secrets: readonly { readonly secret: string; readonly until?: Instant }[];
}

/** An address that is not one of this kind: a sentence in Chinese that says what to paste. */
export interface AddressFault {
  readonly field: 'address' | 'secret';
  readonly says: string;
}

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** As far as it was read. */
  readonly body: string;
  readonly retryAfter?: string;
  /** When it came: from then on counts what it asks to wait. */
  readonly at: Instant;
}

export interface Channel {
  readonly kind: string;
  /** What people call it: 企业微信群机器人. */
  readonly name: string;
  /** It is fetched by its reader: it has no address, and nothing is sent. */
  readonly isPulled: boolean;
  /** What the platform allows one receiver. */
  readonly limits: readonly RateLimit[];
  /** Hosts that an address may have; absent: any that the network guard lets through. */
  readonly hosts?: readonly string[];
  /** Whether a secret has to be given, may be, or has no use. */
  readonly secret: 'needed' | 'possible' | 'none';
  /** Whether a receiver knows a message by its id, so that one that is sent again is no second one. */
  readonly knowsIds: boolean;
  /**
   * Reads what the platform shows its user to paste. `allowsLoopback`: of the deployment's data file, for a local cloud alone.
   * The url that it answers is normal, so that the same robot is the same receiver.
   */
  readAddress(address: string, secret: string | undefined, allowsLoopback: boolean): Address | AddressFault;
  /** Reads a secret alone: of a rotation, which has no address beside it. */
  readSecret(secret: string): string | AddressFault;
  /**
   * For apps, which never get what a message leaves out: so many of the items, each of one reminder, one message holds for good; the rest
   * goes in the next. Absent: people read it, and what finds no room is counted and seen behind the link.
   */
  readonly fitting?: (items: readonly Item[]) => number;
  /** The body, within the platform's limits whatever the digest holds. `shorter`: the platform found the one before too long. */
  render(digest: Digest, mentions: Subscription['mentions'], shorter: boolean): string;
  /** The request with signature; `id` is that of the message. */
  request(address: Address, body: string, at: Instant, id: string): HttpRequest;
  read(answer: HttpAnswer): Outcome;
}
