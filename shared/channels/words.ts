/** What a language has to say: the sentences of each kind of content, and the words around them. A language is one file with these. */
import { dayOf, type Instant } from '../domain/calendar.ts';
import type { DrawPeriod } from '../domain/ids.ts';
import type {
  ChannelContent,
  ChecksContent,
  DrawContent,
  FormContent,
  GridContent,
  HazardContent,
  ListContent,
  ReminderKind,
  TaskContent,
  TestContent,
} from '../domain/reminder.ts';
import type { Why } from '../domain/why.ts';
import type { Said } from './item.ts';

/** Checks of one owner under one colour, of one period or several. */
export interface Checks extends Pick<ChecksContent, 'ownerName' | 'colour' | 'until' | 'places'> {
  readonly points: number;
  readonly periods: number;
}

/** So many places are named one by one. */
export const MOST_PLACES = 6;

/** As people write it: `2026-05/06`. */
export const drawPeriodText = (period: DrawPeriod): string => period.replace('_', '/');

/** Whether a draw is made up for: the others are drawn before the first month of their period. */
export function isMadeUp(period: DrawPeriod, drawAt: Instant): boolean {
  const [, year = '', month = '01'] = /^(\d{4})(?:-(\d{2}))?/.exec(period) ?? [];
  const [, quarter] = /-Q(\d)$/.exec(period) ?? [];
  const first = quarter === undefined ? month : String(Number(quarter) * 3 - 2).padStart(2, '0');
  return dayOf(drawAt).slice(0, 7) >= `${year}-${first}`;
}

type Sentence<Content> = (kind: ReminderKind, content: Content, at: Instant) => Said;

export interface Words {
  readonly checks: Sentence<Checks>;
  readonly list: Sentence<ListContent>;
  readonly form: Sentence<FormContent>;
  readonly hazard: Sentence<HazardContent>;
  readonly task: Sentence<TaskContent>;
  readonly draw: Sentence<DrawContent>;
  readonly grid: Sentence<GridContent>;
  readonly channel: Sentence<ChannelContent>;
  readonly test: Sentence<TestContent>;
  readonly why: (why: Why) => string;
  /** Of a message with so many items, the gravest of which is so headed. */
  readonly title: (items: number, headline: string) => string;
  /** So many items more than are shown. */
  readonly more: (items: number) => string;
  readonly urgent: string;
  readonly what: string;
  readonly where: string;
  readonly until: string;
  readonly basis: string;
  readonly open: string;
  readonly openAll: string;
  readonly colon: string;
}
