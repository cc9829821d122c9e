/** What periods of checks and monthly lists remind of: their beginning, their end, what was missed. */
import { windowOf } from './calendar.ts';
import type { PeriodSealed } from './check-round.ts';
import { nextLead } from './lead.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { FormDue, ListEnding, PeriodEnding, PeriodOpened } from './notice.ts';
import type { ChecksContent, Reminder } from './reminder.ts';
import { audienceOf, present, type ReminderBackground, reminderOf, rolesFor } from './reminder-background.ts';

const workshopsOf = (places: readonly { readonly workshop?: string }[]): readonly string[] =>
  places.flatMap(({ workshop }) => workshop ?? []);

/** An owner hears of all his places at once, a workshop of its own (`addressing.ts`). */
export function ofPeriod(told: PeriodOpened | PeriodEnding, background: ReminderBackground): Reminder[] {
  const kind = told.type === 'PeriodOpened' ? 'checks-due' : 'checks-ending';
  const place = present(background.place, told.owner);
  const { owner, colour, cadence, period, until, places, why } = told;
  const content: ChecksContent = {
    of: 'checks',
    ...{ owner, ownerName: place.name, colour, cadence, period, until },
    places: places.map(({ points, ...where }) => ({ ...where, points: points.length })),
  };
  const audience = audienceOf(place, rolesFor(kind, background), { workshops: workshopsOf(places) });
  return [reminderOf(kind, told, background, { audience, about: owner, content, why })];
}

/** One of each page: what was missed of a workshop is its own affair, and its enterprise's. */
export function ofSeal(
  told: LedgerEvent<'PeriodSealed', PeriodSealed['data']>,
  background: ReminderBackground,
): readonly Reminder[] {
  const { cadence, period, missed } = told.data;
  if (missed.length === 0 || told.colour === 'NONE') return [];
  const { rules } = background;
  const place = present(background.place, told.subject);
  const [, , number, , ...name] = told.subject.split('#');
  const where = name.length === 0 ? {} : { workshop: name.join('#') };
  const content: ChecksContent = {
    of: 'checks',
    ...{ owner: place.owner, ownerName: place.name, colour: told.colour, cadence, period },
    until: windowOf(cadence, Number(number)).until,
    places: [{ ...where, points: missed.length }],
  };
  return [
    reminderOf('checks-missed', told, background, {
      audience: audienceOf(place, rules.missed.byColour[told.colour], { workshops: workshopsOf([where]) }),
      about: place.owner,
      content,
      why: rules.why.check[told.colour],
      isAlarm: told.colour === 'RED' && rules.alarm.on.includes('missed-red'),
    }),
  ];
}

export function ofList(told: ListEnding, background: ReminderBackground): Reminder[] {
  const place = present(background.place, told.owner);
  const { owner, month, until, why } = told;
  return [
    reminderOf('list-ending', told, background, {
      audience: audienceOf(place, rolesFor('list-ending', background)),
      about: owner,
      content: { of: 'list', owner, ownerName: place.name, month, until },
      why,
      next: nextLead(told.at, until, background.rules.monthlyList.before),
    }),
  ];
}

/** It is the county's, so whoever hears of all of it is told. */
export function ofForm(told: FormDue, background: ReminderBackground): Reminder[] {
  const { month, until, why } = told;
  return [
    reminderOf('form-due', told, background, {
      audience: { roles: rolesFor('form-due', background) },
      about: `FORM#${month}`,
      content: { of: 'form', month, until },
      why,
      next: nextLead(told.at, until, background.rules.form.before),
    }),
  ];
}
