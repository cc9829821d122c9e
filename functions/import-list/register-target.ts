/**
 * The register as an import sees it. A group of rows is written in as many transactions as it takes, each a command of its own that
 * records how far it came, so that a group that broke off goes on behind what was written and answers what it would have answered.
 */
import { commandRecord } from '../../shared/data/asked.ts';
import { type AskedAgain, CommandRepeated, StaleVersion, TRANSACTION_LIMIT } from '../../shared/data/commit.ts';
import { installationWrites } from '../../shared/data/installation-store.ts';
import { type ListStores, listChange } from '../../shared/data/list-change.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import { mayDo } from '../../shared/domain/access.ts';
import { commandId as commandIdOf } from '../../shared/domain/ids.ts';
import type { AreaRow, EnterpriseRow, RiskRow, RowError } from '../../shared/domain/import-rows.ts';
import type { SheetId } from '../../shared/domain/import-sheets.ts';
import { actorOf, type Occasion } from '../../shared/domain/ledger-event.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { itemsOfFacts } from '../../shared/domain/personal-members.ts';
import { changeEnterprise, registerEnterprise } from '../../shared/domain/register-decide.ts';
import { type Denied, refused } from '../../shared/domain/register-denials.ts';
import { dutyMoves, placeName, placesOf } from '../../shared/domain/register-duties.ts';
import { ownerAfter, type RiskChange, riskChange } from '../../shared/domain/register-list.ts';
import { newOwner, type OwnerFact, type RegisterOwner, withPlaces } from '../../shared/domain/register-owner.ts';
import { type RiskPoint, riskSubject, standingOf } from '../../shared/domain/register-risk.ts';
import type { RegisterRules } from '../../shared/domain/register-rules.ts';
import { decideRow } from '../../shared/domain/risk-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { registerRulesOf } from '../../shared/policy/register-rules.ts';
import type { CarriedOut } from '../../shared/runtime/route.ts';
import type { RowGroup } from './group-rows.ts';
import type { GroupOutcome, ImportTarget } from './import-list.ts';
import { areaCommand, deniedRow, enteredEnterprise, type RowCommand, riskCommand, rowError } from './row-commands.ts';

export interface TargetDeps extends ListStores {
  readonly register: RegisterStore;
  readonly answerOf: (again: AskedAgain) => Promise<CarriedOut | undefined>;
}

type Asked = Parameters<ImportTarget['apply']>[1];

/** A row of a risk or an area, with its command or what is wrong with it. */
interface Entry {
  readonly sheet: SheetId;
  readonly row: RiskRow | AreaRow;
  readonly command: RowCommand | RowError[];
}

/** What one transaction did: the entries before `next`, and the enterprise's row if it was the first. */
interface Step extends GroupOutcome {
  readonly next: number;
}

const STALE_ATTEMPTS = 5;
const BECAUSE = '按导入的清单重新评定';
/** Kept free of risks: the command and its answer, the owner's record (moved at worst), and its three events with what stands behind them. */
const OF_OWNER = 10;

export const registerTarget = (deps: TargetDeps): ImportTarget => ({
  async apply(group, asked) {
    const rules = registerRulesOf(policyFor(deps.county, asked.at));
    const entries: Entry[] = [
      ...group.risks.map((row): Entry => ({ sheet: 'risks', row, command: riskCommand(row, rules) })),
      ...group.areas.map((row): Entry => ({ sheet: 'areas', row, command: areaCommand(row, rules) })),
    ];
    const steps: Step[] = [];
    let next = 0;
    do {
      const id = steps.length === 0 ? asked.commandId : commandIdOf(`${asked.commandId}.${steps.length}`);
      const done = await stepOnce(deps, group, entries, next, rules, { ...asked, commandId: id });
      steps.push(done);
      next = done.next;
    } while (next < entries.length);
    const sum = (of: 'written' | 'unchanged' | 'refused'): number => steps.reduce((total, step) => total + step[of], 0);
    return {
      written: sum('written'),
      unchanged: sum('unchanged'),
      refused: sum('refused'),
      errors: steps.flatMap(({ errors }) => errors),
    };
  },
});

/** Its name says which step of which list it is. */
const recordedAs = ({ by: caller, at, commandId }: Asked) => ({ caller, at, commandId, requestHash: commandId });

/** Does the step, or reads what it did when it was done before. */
async function stepOnce(
  deps: TargetDeps,
  group: RowGroup,
  entries: readonly Entry[],
  from: number,
  rules: RegisterRules,
  asked: Asked,
): Promise<Step> {
  const before = async (): Promise<Step | undefined> => {
    const kept = await deps.answerOf(recordedAs(asked));
    if (kept === 'lapsed') throw new Error(`what ${asked.commandId} did is known no more: a list so old is sent again`);
    return kept?.answer as Step | undefined; // what `step` recorded under this very name
  };
  for (let attempt = 1; ; attempt++) {
    const known = asked.isTrial ? undefined : await before();
    if (known !== undefined) return known;
    try {
      return await step(deps, group, entries, from, rules, asked);
    } catch (error) {
      if (error instanceof CommandRepeated) continue;
      if (!(error instanceof StaleVersion) || attempt >= STALE_ATTEMPTS) throw error;
    }
  }
}

async function step(
  deps: TargetDeps,
  group: RowGroup,
  entries: readonly Entry[],
  from: number,
  rules: RegisterRules,
  asked: Asked,
): Promise<Step> {
  const { isTrial } = asked;
  const occasion = occasionOf(asked);
  const before = await deps.register.owner(group.owner);
  const own = decideOwner(before, group, from === 0, rules, asked);
  const errors = [...own.errors];
  const counts = { written: own.written, unchanged: own.unchanged, refused: own.errors.length > 0 ? 1 : 0 };
  const { owner } = own;
  if ('kind' in owner) {
    const rest = entries.slice(from);
    errors.push(...rest.map(({ sheet, row }) => deniedRow(sheet, row, owner)));
    return { ...counts, refused: counts.refused + rest.length, errors, next: entries.length };
  }

  const keys = entries.slice(from).flatMap(({ command }) => (Array.isArray(command) ? [] : [command.key]));
  // An enterprise's numbers are its own, so one without a list has none of them; an area's number may be another owner's.
  const isFresh = group.owner.startsWith('ENT:') && owner.list.version === 0;
  const standing = isFresh ? new Map<string, RiskPoint>() : await deps.register.risksAt(keys);
  const changed: { readonly entry: Entry; readonly change: RiskChange }[] = [];
  const pages = new Set<string>();
  const { signedVersion } = owner.list;
  let size = OF_OWNER;
  let working = ownerAfter(owner, own.facts);
  let next = from;
  for (; next < entries.length; next++) {
    const entry = entries[next];
    if (entry === undefined) break;
    const { sheet, row, command } = entry;
    if (Array.isArray(command)) {
      errors.push(...command);
      counts.refused += 1;
      continue;
    }
    const ruling = decideRow(working, standing.get(riskSubject(command.key)), command, BECAUSE, rules, occasion);
    if (ruling.kind === 'denied') {
      errors.push(deniedRow(sheet, row, ruling));
      counts.refused += 1;
      continue;
    }
    const change = riskChange(standing.get(riskSubject(command.key)), ruling.events);
    if (change === undefined) {
      counts.unchanged += 1;
      continue;
    }
    const places = placesOf(dutyMoves([change], signedVersion, signedVersion)).map(placeName);
    const isMoved = change.before !== undefined && standingOf(change.before) !== standingOf(change.after);
    const ofInstallation = installationWrites(deps.county, change).length;
    const adds =
      itemsOfFacts(change.facts) + (isMoved ? 2 : 1) + ofInstallation + places.filter((place) => !pages.has(place)).length;
    if (size + adds > TRANSACTION_LIMIT) break;
    size += adds;
    for (const place of places) pages.add(place);
    changed.push({ entry, change });
    counts.written += 1;
    const { enterprise } = working;
    if (enterprise !== undefined) working = { ...working, enterprise: withPlaces(enterprise, [change.after.content]) };
  }

  const facts: readonly OwnerFact[] = own.facts;
  if (isTrial || (facts.length === 0 && changed.length === 0)) return { ...counts, errors, next };
  const outcome: Step = { ...counts, errors, next };
  const command = commandRecord(recordedAs(asked), outcome);
  const change = await listChange(deps, {
    before,
    owner,
    first: facts,
    changes: changed.map((each) => each.change),
    occasion,
    command,
  });
  if ('kind' in change) {
    const ownRow = own.written > 0 && group.enterprise !== undefined ? [deniedRow('enterprises', group.enterprise, change)] : [];
    const denied = [...ownRow, ...changed.map(({ entry: { sheet, row } }) => deniedRow(sheet, row, change))];
    return {
      written: 0,
      unchanged: counts.unchanged,
      refused: counts.refused + counts.written,
      errors: [...errors, ...denied],
      next,
    };
  }
  await deps.register.save(change);
  return outcome;
}

/** The owner that the rows are decided on, with what its own row comes to; a refusal where nothing of the group can be written. */
function decideOwner(before: RegisterOwner | undefined, group: RowGroup, isFirst: boolean, rules: RegisterRules, asked: Asked) {
  const { owner, part, enterprise } = group;
  const counted = isFirst && part === 0 && enterprise !== undefined;
  const none = { owner: before ?? newOwner(owner), facts: [], errors: [], written: 0, unchanged: 0 };
  if (!owner.startsWith('ENT:')) return isInScope(asked, owner) ? none : { ...none, owner: outOfScope() };
  if (before !== undefined && !isInScope(asked, owner, before)) {
    const denied = outOfScope();
    return { ...none, owner: denied, errors: counted ? [deniedRow('enterprises', enterprise, denied)] : [] };
  }
  // A trial takes the enterprise for written in every part of its rows; a real import finds it written by the first.
  const isWanted = enterprise !== undefined && (counted || (asked.isTrial && before?.enterprise === undefined));
  if (!isWanted)
    return before?.enterprise === undefined ? { ...none, owner: refused('not-registered', { field: 'uscc' }) } : none;
  const ruled = enterpriseFacts(before, enterprise, rules, asked);
  if ('errors' in ruled) {
    const stands = before?.enterprise === undefined ? refused('not-registered', { field: 'uscc' }) : before;
    return { ...none, owner: stands, errors: counted ? ruled.errors : [] };
  }
  const isChanged = ruled.facts.length > 0;
  return {
    ...none,
    // Facts of the trial in a later part are of the first part's making.
    owner: counted ? none.owner : ownerAfter(none.owner, ruled.facts),
    facts: counted ? ruled.facts : [],
    written: counted && isChanged ? 1 : 0,
    unchanged: counted && !isChanged ? 1 : 0,
  };
}

function enterpriseFacts(
  before: RegisterOwner | undefined,
  row: EnterpriseRow,
  rules: RegisterRules,
  asked: Asked,
): { readonly facts: readonly OwnerFact[] } | { readonly errors: RowError[] } {
  const entered = enteredEnterprise(row, before?.enterprise);
  if (Array.isArray(entered)) return { errors: entered };
  const { actor } = occasionOf(asked);
  const ruling =
    before?.enterprise === undefined
      ? registerEnterprise(before, entered, rules, actor)
      : changeEnterprise(before.enterprise, entered, rules, actor);
  if (ruling.kind === 'denied') return { errors: [deniedRow('enterprises', row, ruling)] };
  const after = ownerAfter(before ?? newOwner(`ENT:${row.uscc}`), ruling.events);
  if (before === undefined && !isInScope(asked, after.owner, after)) {
    const says = '这家企业的监管部门不是本部门，不能由本部门登记，请核对行业和监管部门。';
    return { errors: [rowError('enterprises', row, 'not-supervised', says, 'supervisor')] };
  }
  return { facts: ruling.events };
}

const outOfScope = (): Denied => refused('out-of-scope');

const isInScope = ({ by }: Asked, owner: Owner, record?: RegisterOwner): boolean =>
  mayDo(by, 'ImportList', {
    county: by.county,
    owner,
    ...(record?.enterprise && { township: record.enterprise.township, supervisor: record.enterprise.supervisor }),
  });

const occasionOf = ({ by, at }: Asked): Occasion => ({ at, county: by.county, actor: actorOf(by) });
