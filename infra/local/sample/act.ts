/** The simulated month's clock, and what an act in it is: somebody does something at an instant, in the order of his enterprise's day. */
import { type Instant, instant, plusMs } from '../../../shared/domain/calendar.ts';
import type { CreditCode } from '../../../shared/domain/credit-code.ts';
import type { EvidenceKey } from '../../../shared/domain/ids.ts';
import type { AreaNamed } from '../../../shared/runtime/area-in-sight.ts';
import { type ApiClient, Refused } from './api-client.ts';
import type { SampleArea, SampleCounty, SampleEnterprise, SamplePerson } from './county.ts';
import type { EvidenceFile } from './evidence.ts';
import type { Receiving } from './receiving.ts';

/** The month that is played: the national month of work safety, of thirty days, beginning on a Monday. */
export const MONTH = '2026-06';
export const DAYS = 30;

const MINUTE = 60_000;
const FIRST = instant(`${MONTH}-01T00:00:00+08:00`);

/** The time of day (`08:30`) on a day of the month; days before the first and after the last are those of the months beside it. */
export function on(day: number, time: string): Instant {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return plusMs(FIRST, (((day - 1) * 24 + hours) * 60 + minutes) * MINUTE);
}

export const minutesAfter = (at: Instant, minutes: number): Instant => plusMs(at, minutes * MINUTE);

/** What is looked at, and found wanting. */
export type Place = SampleEnterprise | SampleArea;

/** Whose day it is when something happens there. */
export const trackOf = (place: Place): string => ('uscc' in place ? place.uscc : `${place.township}/${place.no}`);

/** What evidence of a place is filed under. */
export const fileOf = (place: Place): CreditCode | AreaNamed =>
  'uscc' in place ? place.uscc : { township: place.township, no: place.no };

/** What people act with. */
export interface Scene {
  readonly api: ApiClient;
  /** Uploads a piece of evidence of an enterprise or a public area. */
  readonly upload: (as: SamplePerson, at: Instant, of: CreditCode | AreaNamed, file: EvidenceFile) => Promise<EvidenceKey>;
  /** What the county has published, as anybody reads it: without a token. */
  readonly published: (path: string) => Promise<Buffer>;
  readonly sample: SampleCounty;
  /** The robots and endpoints to which reminders go. */
  readonly receiving: Receiving;
  /** Acts that only what was found gives rise to: they come when it is their time. */
  readonly later: (acts: readonly Act[]) => void;
  /** Something did not go as the month has it; it is named at the end, and the month goes on. */
  readonly fault: (says: string) => void;
}

export interface Act {
  readonly at: Instant;
  /** Whose day it belongs to: acts of one track are done one after the other. */
  readonly track: string;
  /** What it is a part of: a story of the month, or the daily round of things. */
  readonly story: string;
  /** What is done, in a word. */
  readonly does: string;
  run(scene: Scene): Promise<void>;
}

/** Does what has to be refused; a refusal for another reason, or none, is a fault of the county. */
export async function expectRefusal(scene: Scene, what: string, code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refused && error.code === code) return;
    throw error;
  }
  scene.fault(`${what} was accepted, and has to be refused as ${code}`);
}
