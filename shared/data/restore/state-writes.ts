/** A rebuilt state as the items that the stores would hold of it: each by the very write of its store. */
import type { Instant } from '../../domain/calendar.ts';
import type { Draw } from '../../domain/draw.ts';
import { type CountyCode, personId } from '../../domain/ids.ts';
import type { Occasion } from '../../domain/ledger-event.ts';
import type { Rebuilt, Snapshot } from '../../domain/rebuild.ts';
import type { Task } from '../../domain/task.ts';
import type { Write } from '../commit.ts';
import { outboxParts } from '../delivery-items.ts';
import { drawWrites, periodKey, periodWrite, seriesWrite } from '../draw-store.ts';
import { exceptionsWrite, pageWrite } from '../duty-store.ts';
import { arrivalWrite, exchangeWrite } from '../exchange-store.ts';
import { departmentWrite, targetWrite, townshipWrite } from '../grid-store.ts';
import { listWrite } from '../hazard-list-store.ts';
import { hazardWrites } from '../hazard-store.ts';
import { inspectorWrite } from '../inspector-store.ts';
import { installationWrites } from '../installation-store.ts';
import { itemsWrite, planWrite } from '../item-list-store.ts';
import { keyUnitsWrite } from '../key-unit-store.ts';
import { ownerWrites } from '../owner-store.ts';
import { suspensionWrite } from '../register-store.ts';
import { riskWrites } from '../risk-store.ts';
import { subscriptionParts } from '../subscription-store.ts';
import { taskWrites, type Visit, visitWrite } from '../task-store.ts';

/** Nothing is recorded: the events are there. */
const silently = (county: CountyCode, at: Instant): Occasion => ({
  at,
  county,
  actor: { id: personId('system'), role: 'system' },
});

function* registerWrites({ county, parts }: Snapshot): Generator<Write> {
  for (const { state } of parts.owners.values()) {
    yield* ownerWrites(county, undefined, state.record);
    for (const stop of state.stops) yield suspensionWrite(county, state.record.owner, stop);
  }
  for (const { state: after } of parts.risks.values()) {
    yield* riskWrites(county, { after, facts: [] });
    yield* installationWrites(county, { after });
  }
  for (const { version, state } of parts.duties.values()) yield pageWrite(county, state, version - 1);
  for (const { version, state } of parts.seals.values()) yield exceptionsWrite(county, state, version - 1);
  for (const [subject, { version, state }] of parts.lists) yield listWrite(county, subject, { version, ...state });
}

/** The draws by number: the last one of a period holds it. */
function* drawsWrites({ county, parts }: Snapshot, occasion: Occasion): Generator<Write> {
  const byNumber = [...parts.draws.values()].sort((a, b) => a.state.number - b.state.number);
  const holding = new Map<string, Draw>();
  for (const { version: ifVersion, state: draw } of byNumber) {
    yield* drawWrites({ draw, facts: [], ifVersion, occasion }).writes;
    const { partition, part } = periodKey(county, draw);
    holding.set(`${partition} ${part}`, draw);
  }
  for (const draw of holding.values()) yield periodWrite(county, draw, undefined);
  const announced = (authority: string): number => byNumber.filter(({ state }) => state.authority === authority).length;
  for (const { version, state } of parts.series.values()) {
    yield seriesWrite(county, state, { series: state, version, revision: announced(state.authority) + version - 1 }, 0);
  }
}

function* inspectionWrites(snapshot: Snapshot, occasion: Occasion): Generator<Write> {
  const { county, parts } = snapshot;
  for (const { version, state } of parts.inspectors.values()) yield inspectorWrite(county, state, version, 0);
  for (const { version, state } of parts.items.values()) {
    yield itemsWrite(county, { state: state.kept, version, keptAt: state.keptAt }, 0, false);
  }
  for (const { version, state } of parts.plans.values()) {
    yield planWrite(county, { state: state.kept, version, keptAt: state.keptAt }, 0, false);
  }
  for (const { version, state } of parts['key-units'].values()) yield keyUnitsWrite(county, state, version, 0);
  for (const { version, state } of parts.townships.values()) yield townshipWrite(county, state, version, 0);
  for (const { version, state } of parts.departments.values()) yield departmentWrite(county, state, version, 0);
  for (const { version, state } of parts['grid-targets'].values()) yield targetWrite(county, state, version, 0);
  yield* drawsWrites(snapshot, occasion);
}

/** The tasks, who has them on his list, and the last visit of each object under its colour: the one that was handed in first, of those at one time. */
function* tasksWrites(tasks: Iterable<Rebuilt<Task>>): Generator<Write> {
  const visits = new Map<string, Visit & { readonly by: Task }>();
  for (const { version, state: task } of tasks) {
    yield* taskWrites(undefined, task, version, 0);
    if (task.inspection?.outcome !== 'inspected') continue;
    const { visitedAt: at, reportedAt } = task.inspection;
    const place = `${task.colour} ${task.object}`;
    const before = visits.get(place);
    const isLater =
      before === undefined || at > before.at || (at === before.at && reportedAt < (before.by.inspection?.reportedAt ?? at));
    if (isLater) visits.set(place, { object: task.object, at, task: task.id, by: task });
  }
  for (const { at, by } of visits.values()) yield visitWrite(by, at, undefined);
}

function* channelWrites({ parts }: Snapshot, occasion: Occasion): Generator<Write> {
  for (const { version: ifVersion, state: after } of parts.subscriptions.values()) {
    // Its address lies in no event: nothing is put in the place of it, and nothing taken away.
    yield* subscriptionParts({ after, facts: [], ifVersion, occasion }).writes.slice(0, 1);
  }
  for (const { version, state: outbox } of parts.outboxes.values()) yield* outboxParts({ outbox, version }, [], occasion).writes;
}

/** Its last arrival alone: those before are passed over by whoever reads them. */
function* exchangeWrites({ county, parts }: Snapshot): Generator<Write> {
  for (const { version, state } of parts.exchange.values()) {
    yield exchangeWrite(county, state, version, version - 1);
    yield arrivalWrite(county, state);
  }
}

/** The state tables of a county, item by item. The conditions of the writes are those of the stores, and are no matter here. */
export function* stateWrites(snapshot: Snapshot, tasks: Iterable<Rebuilt<Task>>, at: Instant): Generator<Write> {
  const occasion = silently(snapshot.county, at);
  yield* registerWrites(snapshot);
  for (const { version: ifVersion, state: hazard } of snapshot.parts.hazards.values()) {
    yield* hazardWrites({ hazard, facts: [], ifVersion, occasion }).writes;
  }
  yield* inspectionWrites(snapshot, occasion);
  yield* tasksWrites(tasks);
  yield* channelWrites(snapshot, occasion);
  yield* exchangeWrites(snapshot);
}
