/** Verifies all draws of an authority beside each other: none left out, none drawn twice, none kept back. */

import { NO_PREVIOUS } from './announcement.ts';
import { ANNOUNCEMENT_FILE, type Bundle } from './bundle.ts';
import { Fault } from './fault.ts';
import { type Verdict, type Verified, verdictOf, verifyDraw } from './verify-draw.ts';

/** A verified series, in the order of its numbers. */
export interface Series {
  readonly authority: string;
  readonly draws: readonly Verified[];
}

interface Member {
  readonly folder: string;
  readonly draw: Verified;
}

function checkChain(members: readonly Member[]): void {
  let previous = NO_PREVIOUS;
  let announced = '';
  const [first] = members;
  for (const [at, { folder, draw }] of members.entries()) {
    const { number, authority, announcedAt, previous: said } = draw.announced;
    const refuse = (place: string, what: string): never => {
      throw new Fault('series', { file: `${folder}/${ANNOUNCEMENT_FILE}`, place }, what);
    };
    if (authority !== first?.draw.announced.authority)
      refuse('authority', `is ${authority}; the series is of ${first?.draw.announced.authority}`);
    if (number < at + 1) refuse('number', `is ${number}, which ${members[at - 1]?.folder} has already`);
    if (number > at + 1) refuse('number', `is ${number} where ${at + 1} would follow: number ${at + 1} is missing`);
    if (said !== previous) refuse('previous', `is ${said}; the hash of the preceding announcement is ${previous}`);
    // Instants of one form and one length order as texts do.
    if (announcedAt < announced) refuse('announcedAt', `is ${announcedAt}, before that of the preceding draw (${announced})`);
    [previous, announced] = [draw.hash, announcedAt];
  }
}

/** One draw at a time for a kind and a period: the next one is announced when the one before is void, not side by side with it. */
function checkPeriods(members: readonly Member[]): void {
  const held = new Map<string, Member>();
  for (const member of members) {
    const { kind, period, announcedAt } = member.draw.announced;
    const holder = held.get(`${kind}/${period}`);
    const refuse = (what: string): never => {
      const at = { file: `${member.folder}/${ANNOUNCEMENT_FILE}`, place: 'period' };
      throw new Fault('series', at, `${kind} of ${period} was drawn already in ${holder?.folder}, which ${what}`);
    };
    if (holder !== undefined && holder.draw.voidedAt === undefined) refuse('is not void');
    if (holder?.draw.voidedAt !== undefined && announcedAt < holder.draw.voidedAt)
      refuse(`became void at ${holder.draw.voidedAt}, after this one was announced`);
    held.set(`${kind}/${period}`, member);
  }
}

/**
 * Whether the folders are all draws of one authority from the first on, each one verified, revealed in time or void, and still open only where
 * the instant lies before its limit. The folders may come in any order and are looked at one by one.
 */
export const verifySeries = (folders: Iterable<readonly [folder: string, bundle: Bundle]>, at: string): Verdict<Series> =>
  verdictOf(() => {
    const members = Array.from(folders, ([folder, bundle]): Member => {
      const verdict = verifyDraw(bundle, at);
      if (!verdict.ok) throw verdict.fault.inFolder(folder);
      return { folder, draw: verdict.summary };
    }).sort((a, b) => a.draw.announced.number - b.draw.announced.number);
    checkChain(members);
    checkPeriods(members);
    return { authority: members[0]?.draw.announced.authority ?? '', draws: members.map(({ draw }) => draw) };
  });
