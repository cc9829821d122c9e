/** What a duty page, and what was sealed of it, are called: in the register, in the events that wrote them, and in a snapshot. */
import type { Period } from './calendar.ts';
import { COLOURS } from './colour.ts';
import type { DutyPage } from './duty-page.ts';
import { isOwner } from './owner.ts';

/** Whose page it is, under which colour. */
export type PageOf = Pick<DutyPage, 'owner' | 'workshop' | 'colour'>;

/** Which version of a page an event wrote: several subjects write the same page, and this is the order in which they did. */
export interface PageVersion {
  readonly key: string;
  readonly version: number;
}

/** `{owner}[#{workshop}]`: whose page it is. */
export const pageName = ({ owner, workshop }: Pick<DutyPage, 'owner' | 'workshop'>): string =>
  workshop === undefined ? owner : `${owner}#${workshop}`;

export function readPageName(name: string): Pick<DutyPage, 'owner' | 'workshop'> {
  const at = name.indexOf('#');
  const owner = at < 0 ? name : name.slice(0, at);
  if (!isOwner(owner)) throw new RangeError(`${JSON.stringify(name)} does not begin with an owner`);
  return at < 0 ? { owner } : { owner, workshop: name.slice(at + 1) };
}

/** The name of a page in the ledger: events say which version of which page they made. */
export const pageKey = (page: PageOf): string => `DUTY#${page.colour}#${pageName(page)}`;

/** Wide enough for the days of the next centuries, so that the order of the texts is the order of the periods. */
const PERIOD_WIDTH = 6;
export const periodText = (period: Period): string => String(period).padStart(PERIOD_WIDTH, '0');

/** The subject of what was sealed of a page for a period. */
export const sealSubject = (page: PageOf, period: Period): string =>
  `SEAL#${page.colour}#${periodText(period)}#${pageName(page)}`;

/** `{colour}#{page name}` */
function readPage(text: string): PageOf {
  const at = text.indexOf('#');
  const colour = COLOURS.find((each) => each === text.slice(0, at));
  if (colour === undefined) throw new RangeError(`${JSON.stringify(text)} names no colour`);
  return { ...readPageName(text.slice(at + 1)), colour };
}

/** The page that events call so. */
export const readPageKey = (key: string): PageOf => readPage(key.slice('DUTY#'.length));

/** The page and the period that a subject of the ledger is about. */
export function readSealSubject(subject: string): PageOf & { readonly period: Period } {
  const [, colour = '', period = '', ...name] = subject.split('#');
  return { ...readPage(`${colour}#${name.join('#')}`), period: Number(period) };
}
