/**
 * Whether a reminder is still to be told, by the state as it is read now: nobody is reminded of what is done. What is told shows the
 * figures of now.
 */
import { type Instant, type Period, periodAt, plusMs } from './calendar.ts';
import type { Gone } from './delivery.ts';
import type { Draw } from './draw.ts';
import { type DutyPage, type Exceptions, isOpenIn, isSealed } from './duty-page.ts';
import type { GridTargetState } from './grid-target.ts';
import { type Hazard, isOpen } from './hazard.ts';
import type { Obligation } from './hazard-deadlines.ts';
import type { Department, HazardId, ReceiverId, RiskNo, SubscriptionId, TaskId } from './ids.ts';
import type { Owner } from './owner.ts';
import type { Receiver } from './receiver.ts';
import type {
  ChannelContent,
  ChecksContent,
  DrawContent,
  GridContent,
  HazardContent,
  ListContent,
  Reminder,
  TaskContent,
  TestContent,
} from './reminder.ts';
import type { Subscription } from './subscription.ts';
import { awaitsVisit, isOpenTask, type Owed, owedByTeam, peopleOf, type Task } from './task.ts';

/** Where what a reminder is about is read as it stands now. Within one look the same is read once. */
export interface StandingSources {
  page(page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>): Promise<DutyPage>;
  /** What was sealed of a page for a period. */
  exceptions(page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>, period: Period): Promise<Exceptions | undefined>;
  isListHandedIn(owner: Owner, month: string): Promise<boolean>;
  hazard(id: HazardId): Promise<Hazard | undefined>;
  task(id: TaskId): Promise<Task | undefined>;
  draw(authority: Department, number: number): Promise<Draw | undefined>;
  /** The last draw that was announced for a period. */
  drawOf(of: Pick<Draw, 'authority' | 'kind' | 'period'>): Promise<Draw | undefined>;
  gridTarget(target: string): Promise<GridTargetState | undefined>;
  subscription(id: SubscriptionId): Promise<Subscription | undefined>;
  receiver(id: ReceiverId): Promise<Receiver | undefined>;
}

/** The content of a reminder as it is now, or why nothing is left of it. */
type Left<Content> = Content | Gone;
type Standing<Content> = Promise<Left<Content>>;

/** The reminder with what is left of it, or why nothing is. */
export async function stillStands(reminder: Reminder, sources: StandingSources, at: Instant): Promise<Reminder | Gone> {
  const content = await standing(reminder, sources, at);
  if (typeof content === 'string') return content;
  return reminder.next !== undefined && at >= reminder.next ? 'superseded' : { ...reminder, content };
}

/** What is left is kept where it holds. */
const orGone =
  <Content>(content: Content) =>
  (holds: boolean, because: Gone = 'done'): Left<Content> =>
    holds ? content : because;

async function standing(reminder: Reminder, sources: StandingSources, at: Instant): Standing<Reminder['content']> {
  const { content } = reminder;
  switch (content.of) {
    case 'checks':
      return reminder.kind === 'checks-missed' ? stillMissed(content, sources) : stillOpen(content, sources, at);
    case 'list':
      return stillOwed(content, sources);
    case 'form':
      // Whether it was signed nobody tells us.
      return orGone(content)(at < content.until, 'over');
    case 'hazard':
      return ofHazard(reminder, content, sources, at);
    case 'task':
      return ofTask(reminder, content, sources, at);
    case 'draw':
      return ofDraw(content, sources, at);
    case 'grid':
      return ofGrid(content, sources);
    case 'channel':
      return ofChannel(content, sources);
    case 'test':
      return isTestWanted(content);
  }
}

const isTestWanted = async (content: TestContent): Standing<TestContent> => content;

const pageOf = ({ owner, colour }: ChecksContent, { workshop }: ChecksContent['places'][number]) => ({
  owner,
  colour,
  ...(workshop !== undefined && { workshop }),
});
/** The period that ends then. */
const periodOf = ({ cadence, until }: ChecksContent): Period => periodAt(cadence, plusMs(until, -1));

async function withCounts(
  content: ChecksContent,
  count: (place: ChecksContent['places'][number]) => Promise<number>,
): Standing<ChecksContent> {
  const counted = await Promise.all(content.places.map(async (place) => ({ ...place, points: await count(place) })));
  const places = counted.filter(({ points }) => points > 0);
  return places.length === 0 ? 'done' : { ...content, places };
}

/** The points of a page that still ask for a check in a period. Those that stand still are excused. */
export function openPoints(page: DutyPage, period: Period, window: { readonly until: Instant }): readonly RiskNo[] {
  if (isSealed(page, period)) return [];
  return (Object.keys(page.points) as RiskNo[]).filter((no) => {
    const point = page.points[no];
    return point !== undefined && isOpenIn(point, period, window);
  });
}

/** After the end of the period nothing of it can be done in time; what was missed is another reminder. */
async function stillOpen(content: ChecksContent, sources: StandingSources, at: Instant): Standing<ChecksContent> {
  if (at >= content.until) return 'over';
  const period = periodOf(content);
  return withCounts(content, async (place) => openPoints(await sources.page(pageOf(content, place)), period, content).length);
}

const stillMissed = (content: ChecksContent, sources: StandingSources): Standing<ChecksContent> =>
  withCounts(content, async (place) => (await sources.exceptions(pageOf(content, place), periodOf(content)))?.missed.length ?? 0);

/** It is owed until it is handed in, also when it is late. */
const stillOwed = async (content: ListContent, sources: StandingSources): Standing<ListContent> =>
  (await sources.isListHandedIn(content.owner, content.month)) ? 'done' : content;

/** What is owed as it is now: the same, or the cure's own deadline where an extension has moved it. */
function owedNow({ obligations }: Hazard, owed: HazardContent['owed'], mayMove: boolean): Obligation | undefined {
  return obligations.find(({ kind, due }) => kind === owed?.kind && (due === owed.due || mayMove));
}

const withOwed = ({ owed: _, ...content }: HazardContent, now: Obligation | undefined): HazardContent => ({
  ...content,
  ...(now && { owed: { kind: now.kind, due: now.due } }),
});

/** Why a deadline is none any more: the same is owed by another, or it was done. */
const goneOf = ({ obligations }: Hazard, owed: HazardContent['owed']): Gone =>
  obligations.some(({ kind }) => kind === owed?.kind) ? 'superseded' : 'done';

async function ofHazard(
  { kind, audience, at: told }: Reminder,
  content: HazardContent,
  sources: StandingSources,
  at: Instant,
): Standing<HazardContent> {
  if (kind === 'order-lifted') return content;
  const hazard = await sources.hazard(content.hazard);
  if (hazard === undefined || hazard.stage === 'withdrawn') return 'void';
  if (!isOpen(hazard) || hazard.generation !== content.generation) return 'done';
  const { owed } = content;
  const kept = orGone(content);
  switch (kind) {
    case 'hazard-reported':
      return kept(hazard.stage === 'registered' && hazard.grade === undefined);
    case 'hazard-major':
      return withOwed(content, owedNow(hazard, owed, false));
    case 'hazard-assigned':
      if (hazard.stage !== 'rectifying') return 'done';
      if (audience.persons?.includes(hazard.rectifier) !== true) return 'void';
      return withOwed(content, owedNow(hazard, owed, true));
    case 'hazard-waiting': {
      const now = owedNow(hazard, owed, owed?.kind === 'rectify');
      return now === undefined ? goneOf(hazard, owed) : withOwed(content, now);
    }
    case 'deadline-near': {
      const now = owedNow(hazard, owed, false);
      if (now === undefined) return goneOf(hazard, owed);
      return kept(now.missed === undefined && at < now.due, 'over');
    }
    case 'deadline-missed':
      return kept(owedNow(hazard, owed, false) !== undefined, goneOf(hazard, owed));
    case 'order-issued':
      return kept(hazard.orders.some(({ no, lifted }) => no === content.order?.no && lifted === undefined));
    case 'evacuation-asked':
      return kept(hazard.evacuations.some((asked) => asked.at === told && asked.answer === undefined));
    case 'hazard-listed':
      return kept(hazard.listing !== undefined && hazard.listing.delisted === undefined);
    default:
      return content;
  }
}

const owedBy = ({ owed }: Task, content: TaskContent): Owed | undefined =>
  owed.find(({ what, due }) => what === content.owed?.what && due === content.owed.due);

/** By when as it is now: a team may be sent again on another day. Who was not told of a day is not told of it now. */
function owedAnew({ owed, ...content }: TaskContent, task: Task): TaskContent {
  const now = owed && owedByTeam(task);
  return { ...content, ...(now && { owed: { what: now.what, due: now.due } }) };
}

/** Whoever is named and is not sent any more has nothing to do with it. */
async function ofTask(
  { kind, audience: { persons = [] } }: Reminder,
  content: TaskContent,
  sources: StandingSources,
  at: Instant,
): Standing<TaskContent> {
  const task = await sources.task(content.task);
  if (task === undefined) return 'void';
  const people = peopleOf(task);
  const kept = orGone(content);
  // Who is sent again after all is told that instead.
  if (kind === 'task-withdrawn')
    return kept(!isOpenTask(task) || !persons.some((person) => people.includes(person)), 'superseded');
  if (!isOpenTask(task)) return task.endedAt === undefined ? 'done' : 'void';
  if (persons.length > 0 && !persons.some((person) => people.includes(person))) return 'void';
  const now = owedBy(task, content);
  switch (kind) {
    case 'task-assigned':
      return awaitsVisit(task) || task.owed.some(({ what }) => what === 'confirm') ? owedAnew(content, task) : 'done';
    case 'task-near':
      if (now === undefined) return task.owed.some(({ what }) => what === content.owed?.what) ? 'superseded' : 'done';
      return kept(now.missed === undefined && at < now.due, 'over');
    default:
      return kept(now !== undefined);
  }
}

async function ofDraw(content: DrawContent, sources: StandingSources, at: Instant): Standing<DrawContent> {
  const { authority, kind, period, number, trouble } = content;
  const draw = number === undefined ? undefined : await sources.draw(authority, number);
  const kept = orGone(content);
  const ended: Gone = draw === undefined || draw.stage === 'void' ? 'void' : 'done';
  switch (trouble?.type) {
    case undefined:
      return kept(draw?.stage === 'announced' && at < draw.drawAt, ended === 'void' ? 'void' : 'over');
    case 'RandomnessMissing':
      return kept(draw?.stage === 'announced' && draw.randomness === undefined, ended);
    case 'DrawNotRevealed':
      return kept(draw !== undefined && draw.stage !== 'revealed' && draw.stage !== 'void', ended);
    case 'DrawRefused': {
      const held = await sources.drawOf({ authority, kind, period });
      return kept(held === undefined || held.stage === 'void');
    }
    default:
      return content;
  }
}

async function ofGrid(content: GridContent, sources: StandingSources): Standing<GridContent> {
  const state = await sources.gridTarget(content.target);
  return state?.gaps.some(({ side }) => side === content.side) ? content : 'done';
}

/** A channel that was switched off stays so until somebody switches it on; one that failed is looked at as it is now. */
async function ofChannel(content: ChannelContent, sources: StandingSources): Standing<ChannelContent> {
  const subscription = await sources.subscription(content.subscription);
  if (subscription === undefined || subscription.state === 'ended') return 'void';
  if (subscription.state === 'disabled' || subscription.receiver === undefined) return content;
  const receiver = await sources.receiver(subscription.receiver);
  return receiver === undefined || receiver.failures > 0 ? content : 'done';
}
