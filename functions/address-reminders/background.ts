/** What has to be read to say of what was told whom it reminds, and of what. */
import type { DeliveryStore } from '../../shared/data/delivery-store.ts';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { ReceiverStore } from '../../shared/data/receiver-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { SubscriptionStore } from '../../shared/data/subscription-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { type GridTargetId, isGridTarget } from '../../shared/domain/grid-target.ts';
import {
  type CountyCode,
  department,
  type HazardId,
  hazardId,
  riskNo,
  subscriptionId,
  type TaskId,
  townshipCode,
} from '../../shared/domain/ids.ts';
import { enterpriseOf, enterpriseOwner, isDepartment, isOwner, type Owner, townshipOwner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskKey } from '../../shared/domain/register-risk.ts';
import { cleanText, present, type ReminderBackground, type ReminderPlace } from '../../shared/domain/reminder-background.ts';
import type { RemindingTold } from '../../shared/domain/reminders-of.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import { townshipsOf } from '../../shared/policy/divisions.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { reminderRulesOf } from '../../shared/policy/reminder-rules.ts';

export interface BackgroundSources {
  readonly county: CountyCode;
  readonly policy: Policy;
  readonly register: Pick<RegisterStore, 'owner' | 'risk'>;
  readonly hazards: Pick<HazardStore, 'load'>;
  readonly tasks: Pick<TaskStore, 'load'>;
  readonly draws: Pick<DrawStore, 'load'>;
  readonly subscriptions: Pick<SubscriptionStore, 'load'>;
  readonly receivers: Pick<ReceiverStore, 'load'>;
  readonly deliveries: Pick<DeliveryStore, 'outbox'>;
}

type Read = Partial<Omit<ReminderBackground, 'county' | 'rules'>>;

type Enterprise = NonNullable<RegisterOwner['enterprise']>;

function placeOfEnterprise(owner: Owner, { name, township, supervisor, contacts }: Enterprise): ReminderPlace {
  const persons = { persons: contacts.map((contact) => contact.name), notPersons: [name] };
  return { owner, name, township, supervisor, persons };
}

/** What people call an owner, and who else has to do with it. */
async function placeOf({ county, policy, register }: BackgroundSources, owner: Owner): Promise<ReminderPlace> {
  if (enterpriseOf(owner) === undefined) {
    const code = owner.slice(owner.indexOf(':') + 1);
    const name = isDepartment(owner) ? policy.departments.values[code] : townshipsOf(county).get(townshipCode(code));
    return { owner, name: name ?? code, persons: { persons: [], notPersons: [] } };
  }
  return placeOfEnterprise(owner, present((await register.owner(owner))?.enterprise, owner));
}

/** The case, where it lies, and the workshop of the risk point that it was found at. */
async function ofHazard(sources: BackgroundSources, id: HazardId): Promise<Read> {
  const { hazard } = present(await sources.hazards.load(sources.county, id), id);
  const { owner, finding } = hazard;
  const isOfEnterprise = enterpriseOf(owner) !== undefined;
  const [place, risk] = await Promise.all([
    placeOf(sources, owner),
    isOfEnterprise && finding.risk !== undefined ? sources.register.risk({ owner, no: finding.risk }) : undefined,
  ]);
  return { hazard, place, workshop: risk?.content.workshop };
}

async function ofTask({ county, policy, tasks }: BackgroundSources, id: TaskId): Promise<Read> {
  const { task } = present(await tasks.load(county, id), id);
  return { task, authorityName: nameOfAuthority(task.authority, policy) };
}

async function ofAuthority({ policy, draws }: BackgroundSources, subject: string): Promise<Read> {
  const [what, name = '', number] = subject.split('#');
  const authority = department(name);
  const draw = what === 'DRAW' ? (await draws.load({ authority, number: Number(number) }))?.draw : undefined;
  return { draw, authorityName: nameOfAuthority(authority, policy) };
}

const riskOf = (target: GridTargetId): RiskKey => {
  const [what, first = '', no = ''] = target.split('#');
  return what === 'AREA'
    ? { owner: townshipOwner(townshipCode(first)), no: riskNo(no), township: townshipCode(first) }
    : { owner: enterpriseOwner(creditCode(first)), no: riskNo(no) };
};

/** What people call what the grid has to cover; its id says enough where it is not in the register any more. */
async function ofTarget(sources: BackgroundSources, target: string): Promise<Read> {
  if (!isGridTarget(target)) return {};
  if (!target.startsWith('HAZ#')) return { targetName: (await sources.register.risk(riskOf(target)))?.content.name };
  const { hazard, place } = await ofHazard(sources, hazardId(target.slice('HAZ#'.length)));
  return { targetName: hazard && place && cleanText(hazard.finding.place, place.persons) };
}

/** The channel, and whose it is. An enterprise that is in no register has nobody over it. */
async function ofSubscription(sources: BackgroundSources, subject: string): Promise<Read> {
  const { subscriptions, receivers, deliveries, register } = sources;
  const id = subscriptionId(subject.slice(subject.indexOf('#') + 1));
  const { subscription } = present(await subscriptions.load(id), subject);
  const { scope, receiver } = subscription;
  const owner = 'uscc' in scope ? enterpriseOwner(scope.uscc) : undefined;
  const [stored, { outbox }, registered] = await Promise.all([
    receiver && receivers.load(receiver),
    deliveries.outbox(id),
    owner && register.owner(owner),
  ]);
  const place = owner && registered && placeOfEnterprise(owner, present(registered.enterprise, owner));
  return { subscription, receiver: stored?.receiver, outbox, place };
}

async function read(sources: BackgroundSources, told: RemindingTold): Promise<Read> {
  switch (told.type) {
    case 'PeriodOpened':
    case 'PeriodEnding':
    case 'ListEnding':
      return placeOf(sources, told.owner).then((place) => ({ place }));
    case 'FormDue':
      return {}; // the county's own
    case 'DeadlineNear':
      return ofHazard(sources, told.hazard);
    case 'TaskNear':
    case 'TaskNotice':
      return ofTask(sources, told.task);
    default:
      return ofSubject(sources, told);
  }
}

/** An event of the ledger is about what its subject names. */
async function ofSubject(
  sources: BackgroundSources,
  { subject, colour }: Extract<RemindingTold, { readonly subject: string }>,
): Promise<Read> {
  const [what, ...names] = subject.split('#');
  switch (what) {
    case 'HAZ':
      return ofHazard(sources, hazardId(names.join('#')));
    case 'TASK':
      return ofTask(sources, present(taskOfSubject(subject, colour), subject));
    case 'DRAW':
    case 'SERIES':
      return ofAuthority(sources, subject);
    case 'GRID':
      return ofTarget(sources, names.slice(1).join('#'));
    case 'SUB':
    case 'SENT':
      return ofSubscription(sources, subject);
    case 'SEAL': {
      const owner = names[2] ?? '';
      return { place: await placeOf(sources, present(isOwner(owner) ? owner : undefined, subject)) };
    }
    default:
      return {};
  }
}

/** All that what was told has to be seen with, by the policy that was in force then. */
export const backgroundOf = async (sources: BackgroundSources, told: RemindingTold): Promise<ReminderBackground> => ({
  county: sources.county,
  rules: reminderRulesOf(sources.policy),
  ...(await read(sources, told)),
});
