/** One thing in words, for people: a reminder, or several of one owner that say the same. Still without any channel's form. */
import type { Colour } from '../domain/colour.ts';
import type { Reminder, ReminderKind } from '../domain/reminder.ts';

/** What a template says. Texts are as people wrote them: a channel makes them harmless and short. */
export interface Said {
  /** What it is, with its kind in words. */
  readonly headline: string;
  /** The long text of it: a hazard's description, an order's scope. */
  readonly detail?: string;
  readonly where?: string;
  readonly until?: string;
}

export interface Item extends Said {
  readonly kind: ReminderKind;
  readonly isUrgent: boolean;
  /** How grave it is: the risk's colour for checks, otherwise by what is at stake and how late it is. A word says it too. */
  readonly grade: Colour;
  readonly why?: string;
  readonly link: string;
  /** The facts behind the words, for apps. Not empty. */
  readonly reminders: readonly Reminder[];
}
