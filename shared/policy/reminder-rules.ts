import type { ReminderRules } from '../domain/reminder-background.ts';
import { type Policy, whyCheck } from './load.ts';

/** What reminders need of a policy: whom it has told, what is urgent, and why what they are about is so. */
export const reminderRulesOf = (policy: Policy): ReminderRules => ({
  ...policy.reminders,
  ladders: policy.hazards.escalation,
  why: {
    check: {
      RED: whyCheck(policy, 'RED'),
      ORANGE: whyCheck(policy, 'ORANGE'),
      YELLOW: whyCheck(policy, 'YELLOW'),
      BLUE: whyCheck(policy, 'BLUE'),
    },
    order: policy.hazards.major.orders.why,
    resume: policy.hazards.major.resume.why,
    draw: policy.drawing.calendar.why,
    gridGap: policy.supervision.gridGaps.mend.why,
    channel: policy.reminders.urgent.why,
  },
});
