/** What is to be said, before a channel gives it its form: one reminder, or several merged for one group. */
import type { Instant } from '../domain/calendar.ts';
import type { Reminder, ReminderKind } from '../domain/reminder.ts';
import type { Language } from '../domain/subscription.ts';

/** One reminder in words: what, where, until when, why, and where it is opened. */
export interface Item {
  readonly id: string;
  readonly kind: ReminderKind;
  readonly isUrgent: boolean;
  /** Gravest first: urgent ones, then by what is over, then by when it ends. */
  readonly headline: string;
  readonly where?: string;
  readonly until?: string;
  readonly why?: string;
  readonly link: string;
  /** The facts behind the words, for apps. */
  readonly reminder: Reminder;
}

export interface Digest {
  readonly id: string;
  readonly at: Instant;
  readonly language: Language;
  readonly title: string;
  readonly isUrgent: boolean;
  readonly items: readonly Item[];
  /** Where all of it is seen: what was left out for its length is found there. */
  readonly link: string;
}
