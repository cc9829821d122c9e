/**
 * The rows of a county as a bundle has them: of a day all that changed in its stretch of the log, whatever the row itself says of its times; of a
 * month all there are. So what came late, was changed or was deleted goes up like everything else.
 */
import { type Instant, timeText } from '../domain/calendar.ts';
import { isCommitment } from '../domain/commitment.ts';
import { type CreditCode, creditCode } from '../domain/credit-code.ts';
import type { ReceivedRow } from '../domain/exchange.ts';
import type { RiskNo } from '../domain/ids.ts';
import type { RecordedEvent } from '../domain/ledger-fact.ts';
import { enterpriseOf } from '../domain/owner.ts';
import type { Rebuilt, Snapshot } from '../domain/rebuild.ts';
import type { RebuildRules } from '../domain/rebuild-duties.ts';
import type { ExchangeTimes } from '../domain/rebuild-exchange.ts';
import type { RebuiltOwner } from '../domain/rebuild-register.ts';
import { countingColour, type RiskPoint, riskSubject } from '../domain/register-risk.ts';
import type { Suspension } from '../domain/register-suspension.ts';
import { isSame } from '../domain/same.ts';
import { type Gap, gapsOfHidden, gapsOfReceived, gapsOfRow, type Registered, registeredOf } from './gaps.ts';
import {
  endOfCheck,
  endOfChecks,
  type OwnRow,
  rowsOfEnterprise,
  rowsOfHazard,
  rowsOfRisk,
  rowsOfRound,
  rowsOfStop,
} from './own-rows.ts';

/** What the tables said before the first event of a bundle. */
export interface ExchangeBefore {
  readonly times: ReadonlyMap<string, Rebuilt<ExchangeTimes>>;
  readonly owners: ReadonlyMap<string, Rebuilt<RebuiltOwner>>;
  readonly received: ReadonlyMap<string, Rebuilt<ReceivedRow>>;
}

/** Taken before a snapshot is changed in place. */
export const exchangeBefore = ({ parts }: Snapshot): ExchangeBefore => ({
  times: new Map(parts['exchange-times']),
  owners: new Map(parts.owners),
  received: new Map(parts.exchange),
});

/** Before anything: all that there is has changed since. */
export const NOTHING_BEFORE: ExchangeBefore = { times: new Map(), owners: new Map(), received: new Map() };

/** Rows that change together, at the time that they say. */
interface Group {
  readonly updateDate: string;
  readonly key: string;
  readonly rows: () => readonly OwnRow[];
}

const riskAt = ({ parts }: Snapshot, subject: string): RiskPoint | undefined => parts.risks.get(subject)?.state;
const riskOf = (snapshot: Snapshot, enterprise: CreditCode, no: RiskNo | undefined): RiskPoint | undefined =>
  no && riskAt(snapshot, riskSubject({ owner: `ENT:${enterprise}`, no }));

function ownGroup(snapshot: Snapshot, subject: string, times: ExchangeTimes, rules: RebuildRules): Group | undefined {
  const [kind, name = ''] = subject.split('#');
  const group = (rows: Group['rows']): Group => ({ updateDate: timeText(times.changedAt), key: subject, rows });
  if (kind === 'ENT') return group(() => rowsOfEnterprise(creditCode(name), times));
  if (kind === 'RISK') {
    const enterprise = creditCode(name);
    const risk = riskAt(snapshot, subject);
    const list = snapshot.parts.owners.get(`ENT#${enterprise}`)?.state.record.list;
    const colour = risk && list && countingColour(risk, list);
    const cadences = rules.cadencesAt(times.changedAt);
    return group(() => rowsOfRisk({ enterprise, subject, risk, colour, cadence: (of) => cadences[of], times }));
  }
  const hazard = snapshot.parts.hazards.get(subject)?.state;
  const enterprise = hazard && enterpriseOf(hazard.owner);
  // A case that ended long ago has left the snapshot: it was told, and nothing of it changes.
  if (hazard === undefined || enterprise === undefined) return undefined;
  return group(() => rowsOfHazard(enterprise, hazard, times));
}

function* stopGroups(snapshot: Snapshot, before: ExchangeBefore): Generator<Group> {
  for (const [subject, { state }] of snapshot.parts.owners) {
    const enterprise = enterpriseOf(state.record.owner);
    const stops = before.owners.get(subject)?.state.stops ?? [];
    if (enterprise === undefined || state.stops === stops) continue;
    for (const stop of state.stops) {
      if (stops.some((each) => each.id === stop.id && isSame(each, stop))) continue;
      const rows = () => rowsOfStop(enterprise, stop, (no) => installationOf(riskOf(snapshot, enterprise, no)));
      yield { updateDate: timeText(changeOf(stop)), key: `STOP#${enterprise}#${stop.id}`, rows };
    }
  }
}
const changeOf = ({ lifted, approvedAt }: Suspension): Instant => lifted?.at ?? approvedAt;
const installationOf = (risk: RiskPoint | undefined): string | undefined => risk?.content.majorInstallation?.registration;

/** A received row as the ledger has it: what is of a person lies elsewhere, and is left out. */
function receivedRow({ table, row }: Pick<ReceivedRow, 'table' | 'row'>): OwnRow {
  const members = Object.entries(row);
  const isHidden = ([, value]: readonly [string, string | number]): boolean => typeof value === 'string' && isCommitment(value);
  return {
    table,
    row: Object.fromEntries(members.filter((member) => !isHidden(member))),
    toFill: members.filter(isHidden).map(([name]) => name),
    isReceived: true,
  };
}

/** Whether what was received of some enterprises has come to stand under the name of a row of ours, which then is the one that is told. */
function ownNames(snapshot: Snapshot, enterprises: ReadonlySet<string>, rules: RebuildRules): (received: ReceivedRow) => boolean {
  const [names, checks] = [new Set<string>(), new Set<string>()];
  for (const [subject, { state }] of snapshot.parts['exchange-times']) {
    const [kind, name = ''] = subject.split('#');
    const owner = snapshot.parts.hazards.get(subject)?.state.owner;
    if (!enterprises.has(kind === 'HAZ' ? String(owner && enterpriseOf(owner)) : name)) continue;
    for (const { table, row } of ownGroup(snapshot, subject, state, rules)?.rows() ?? []) {
      names.add(`${table}#${row.id}`);
      if (table === 'task') checks.add(endOfChecks(String(row.id)));
    }
  }
  return ({ table, row }) => names.has(`${table}#${row.id}`) || (table === 'record' && checks.has(endOfCheck(String(row.id))));
}

/** Rows of all tables but those of checks, by the time of their last change. */
export function* exchangedRows(snapshot: Snapshot, before: ExchangeBefore, rules: RebuildRules): Generator<OwnRow> {
  const groups: Group[] = [...stopGroups(snapshot, before)];
  for (const [subject, kept] of snapshot.parts['exchange-times']) {
    const group = kept === before.times.get(subject) ? undefined : ownGroup(snapshot, subject, kept.state, rules);
    if (group !== undefined) groups.push(group);
  }
  const received = [...snapshot.parts.exchange].filter(([subject, kept]) => kept !== before.received.get(subject));
  const isOwn = ownNames(snapshot, new Set(received.map(([, { state }]) => state.enterprise)), rules);
  for (const [key, { state }] of received) {
    if (!isOwn(state)) groups.push({ updateDate: String(state.row.updateDate), key, rows: () => [receivedRow(state)] });
  }
  groups.sort((a, b) => (a.updateDate === b.updateDate ? (a.key < b.key ? -1 : 1) : a.updateDate < b.updateDate ? -1 : 1));
  for (const { rows } of groups) yield* rows();
}

/** The rows of checks that an event is; an event of another kind is none. */
export function rowsOfCheck(snapshot: Snapshot, event: RecordedEvent): readonly OwnRow[] {
  if (event.type !== 'RoundSubmitted' || event.actor.owner === undefined) return [];
  const { subject, data, at, actor } = event;
  const enterprise = actor.owner && enterpriseOf(actor.owner);
  if (enterprise === undefined) return [];
  const measuresOf = (no: RiskNo): number =>
    snapshot.parts['exchange-times'].get(riskSubject({ owner: `ENT:${enterprise}`, no }))?.state.measures.length ?? 0;
  return rowsOfRound(enterprise, { subject, data, at, by: actor.id }, measuresOf);
}

/** What rows of a bundle lack, and what of those that were received does not stand in the register. */
export function* gapsOfRows(snapshot: Snapshot, rows: Iterable<OwnRow>): Generator<Gap> {
  const known = new Map<string, RiskPoint['content'][]>();
  for (const { state } of snapshot.parts.risks.values()) {
    const enterprise = state.retired === undefined ? enterpriseOf(state.owner) : undefined;
    if (enterprise === undefined) continue;
    const of = known.get(enterprise) ?? [];
    known.set(enterprise, of);
    of.push(state.content);
  }
  const registered = new Map<string, Registered>();
  const registeredAt = (enterprise: string): Registered => {
    const of = registered.get(enterprise) ?? registeredOf(known.get(enterprise) ?? []);
    registered.set(enterprise, of);
    return of;
  };
  for (const each of rows) {
    if (each.isReceived) yield* [...gapsOfHidden(each), ...gapsOfReceived(each, registeredAt(String(each.row.creditCode)))];
    else yield* gapsOfRow(each);
  }
}
