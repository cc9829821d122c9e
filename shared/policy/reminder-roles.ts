/** Whom each kind can tell at all: what the policy names for it, in whatever case and at whatever step of a ladder. */
import type { Role } from '../domain/caller.ts';
import { REMINDER_KINDS, type ReminderKind } from '../domain/reminder.ts';
import { ROLES_OF_SCOPE } from '../domain/subscription.ts';
import type { Policy } from './load.ts';

const laddered = (...ladders: readonly { readonly levels: readonly { readonly roles: readonly Role[] }[] }[]): readonly Role[] =>
  ladders.flatMap(({ levels }) => levels.flatMap(({ roles }) => roles));

/** Of a hazard in a public area its owner's people hear in the place of staff. */
const OF_HAZARDS = /^(?:hazard|deadline|order|evacuation)-/;
const OF_AREAS = [...ROLES_OF_SCOPE.township, ...ROLES_OF_SCOPE.department];

/** `test` is in nobody's audience: it reaches the subscription that it tests. */
export function rolesOfKinds({ reminders, hazards, drawing, supervision }: Policy): ReadonlyMap<ReminderKind, ReadonlySet<Role>> {
  const acting = [reminders.acting.general, reminders.acting.major].flatMap(({ byObligation }) =>
    Object.values(byObligation).flatMap((roles) => roles ?? []),
  );
  const named = (kind: ReminderKind): readonly Role[] => reminders.audience.byKind[kind] ?? [];
  const others: Partial<Record<ReminderKind, readonly Role[]>> = {
    'checks-missed': Object.values(reminders.missed.byColour).flat(),
    'hazard-waiting': acting,
    'deadline-near': acting,
    'deadline-missed': [...acting, ...laddered(hazards.escalation.general, hazards.escalation.major)],
    'task-near': named('draw-trouble'),
    'task-overdue': [...named('task-near'), ...named('draw-trouble'), ...laddered(drawing.escalation)],
    'grid-gap': laddered(supervision.gridGaps.escalation),
  };
  const rolesOf = (kind: ReminderKind): ReadonlySet<Role> => {
    const roles = [...named(kind), ...(others[kind] ?? [])];
    const isOfStaff = OF_HAZARDS.test(kind) && roles.some((role) => ROLES_OF_SCOPE.enterprise.includes(role));
    return new Set([...roles, ...(isOfStaff ? OF_AREAS : [])]);
  };
  return new Map(REMINDER_KINDS.map((kind) => [kind, rolesOf(kind)]));
}
