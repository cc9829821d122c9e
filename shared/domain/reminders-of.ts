/** Whom what was told reminds, and of what (`reminding.ts` says of which of it nobody). Told again, it is the same under the same id. */
import type { RecordedEvent } from './ledger-fact.ts';
import type { Notice } from './notice.ts';
import type { Reminder } from './reminder.ts';
import type { ReminderBackground } from './reminder-background.ts';
import { ofForm, ofList, ofPeriod, ofSeal } from './reminders-of-checks.ts';
import { ofHazard } from './reminders-of-hazards.ts';
import { ofDraw, ofTask } from './reminders-of-inspections.ts';
import { ofChannel, ofGrid } from './reminders-of-the-rest.ts';
import type { RemindingType } from './reminding.ts';

/** An event or a notice of which reminders may come. */
export type RemindingTold = Extract<RecordedEvent | Notice, { readonly type: RemindingType }>;

/** What came of it, for whom. */
export function remindersOf(told: RemindingTold, background: ReminderBackground): readonly Reminder[] {
  switch (told.type) {
    case 'PeriodOpened':
    case 'PeriodEnding':
      return ofPeriod(told, background);
    case 'PeriodSealed':
      return ofSeal(told, background);
    case 'ListEnding':
      return ofList(told, background);
    case 'FormDue':
      return ofForm(told, background);
    case 'TaskNotice':
    case 'TaskNear':
    case 'TaskOverdue':
    case 'TaskEscalated':
      return ofTask(told, background);
    case 'DrawAnnounced':
    case 'DrawRefused':
    case 'DrawMissed':
    case 'DrawVoided':
    case 'DrawNotRevealed':
    case 'RandomnessMissing':
    case 'FilesLost':
      return ofDraw(told, background);
    case 'GridGapFound':
    case 'GridGapEscalated':
      return ofGrid(told, background);
    case 'SubscriptionDisabled':
    case 'MessageDead':
    case 'ReceiverFailing':
      return ofChannel(told, background);
    default:
      return ofHazard(told, background);
  }
}
