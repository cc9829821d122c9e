/** The month looked back on: asked from the county, counted from its ledger, written as a table. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { readCoverage, readFigures } from '../../../functions/serve-checks/api.ts';
import { listHazards } from '../../../functions/serve-hazards/api.ts';
import { listGridGaps } from '../../../functions/serve-supervision/api.ts';
import { COLOURS, type Colour } from '../../../shared/domain/colour.ts';
import type { Figures } from '../../../shared/domain/figures.ts';
import { STAGES } from '../../../shared/domain/hazard.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import type { RunningCounty } from '../running-county.ts';
import { MONTH, type Scene } from './act.ts';
import { type ApiClient, everyItem, inParallel } from './api-client.ts';
import { fetchPublished } from './bundles.ts';
import type { SampleCounty } from './county.ts';
import { drawsOf } from './draw-acts.ts';
import { auditExports, type ExportFindings } from './exports.ts';
import { readLedger } from './ledger.ts';
import { LOADED_AT } from './loading.ts';
import { LOOKED_BACK_AT } from './month.ts';
import { recount } from './recount.ts';
import { recountInspections } from './recount-draws.ts';
import { type CountedCase, recountHazards } from './recount-hazards.ts';
import { reminderFindings } from './reminder-findings.ts';
import { type RestoreFindings, type Restoring, restoreBeside } from './restoring.ts';
import { somebody } from './staff.ts';
import { type Findings, gapsOf, onlyExecutionsDiffer, verdictOn } from './verdict.ts';
import { ofExports } from './verdict-exports.ts';
import { leftOut, type ReminderCounts, reminderCounts } from './verdict-reminders.ts';

/** What was counted while the month was played; nothing of it can be asked for afterwards. */
export interface Played {
  readonly requests: number;
  readonly seconds: number;
  readonly acts: number;
  readonly faults: readonly string[];
}

type Coverage = z.output<typeof readCoverage.output>['groups'][number];

export interface Summary extends Omit<Findings, 'reminders'> {
  readonly reminders: ReminderCounts;
  readonly exports: ExportCounts;
  readonly restored: RestoreFindings;
  readonly month: string;
  readonly coverage: Coverage;
  readonly counts: {
    readonly requests: number;
    readonly seconds: number;
    readonly points: number;
    readonly events: number;
    readonly rounds: number;
    readonly checks: number;
    readonly sealed: number;
    readonly escalations: number;
    readonly missedDeadlines: number;
  };
  readonly differences: readonly string[];
}

/** How long the executions may lag behind the ledger. */
const SETTLING = { patienceMs: 30_000, everyMs: 500 };

export interface LookingBack {
  readonly api: ApiClient;
  readonly county: Pick<RunningCounty, 'apiUrl' | 'casesRunning' | 'drawsRunning' | 'invoke' | 'makeExports'> &
    Restoring['county'];
  readonly published: Scene['published'];
  readonly sample: SampleCounty;
  readonly played: Played;
  /** Where it was kept what the receivers got. */
  readonly deliveries: string;
  /** Where the witness keeps what it has seen of the log. */
  readonly seen: string;
  /** Where the ledger, what the receivers got and the summary are written. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Every case of the county: those that are open, and those that have ended in either way. */
async function allCases(api: ApiClient, sample: SampleCounty) {
  const as = somebody(sample, 'committee-officer');
  const lists = await inParallel([undefined, 'closed', 'withdrawn'] as const, 1, (stage) =>
    everyItem((from) => api(listHazards, { as, at: LOOKED_BACK_AT, query: { ...(stage && { stage }), ...from } })),
  );
  return lists.flat().map(({ id, stage }) => ({ id, stage }));
}

/** Looks back, and writes the ledger and the summary beside the files that were sent. */
export async function lookBack(looking: LookingBack): Promise<Summary> {
  const { api, county, sample, played, folder, deliveries, signal, tell, pause } = looking;
  const as = somebody(sample, 'prefecture-officer');
  const at = LOOKED_BACK_AT;
  const { colours, total } = await api(readFigures, { as, at, params: { month: MONTH }, query: {} });
  const { groups } = await api(readCoverage, { as, at, params: { month: MONTH }, query: {} });
  const [coverage] = groups;
  if (coverage === undefined) throw new Error('the county has no coverage');
  const exports = await auditExports({ ...looking, at, folder: join(folder, 'exports') });
  const folders = exports.bundles.map((one) => one.folder);
  const restored = await restoreBeside({ ...looking, code: sample.county, folders, vkeys: exports.vkeys });
  const events = await readLedger({ api, as, from: LOADED_AT, until: at, signal, tell });
  let findings: Findings = {
    figures: byColour(colours),
    total,
    recounted: recount(events, MONTH),
    cases: await allCases(api, sample),
    recountedCases: recountHazards(events),
    running: await county.casesRunning(),
    inspections: await inspectionsOf(looking, events),
    reminders: await reminderFindings(looking, events),
    enterprises: { listed: sample.enterprises.length, covered: coverage.entered.denominator },
    gaps: gapsOf(events),
    faults: played.faults,
  };
  const begun = Date.now();
  while (onlyExecutionsDiffer(findings) && Date.now() - begun < SETTLING.patienceMs) {
    signal.throwIfAborted();
    tell('waiting for the executions');
    await pause(SETTLING.everyMs);
    const inspections = { ...findings.inspections, running: await county.drawsRunning() };
    findings = { ...findings, running: await county.casesRunning(), inspections };
  }
  const counts = countsOf(events, findings.recountedCases, played);
  const reminders = reminderCounts(findings.reminders);
  const differences = [...verdictOn(findings), ...ofExports(exports, restored, events), ...leftOut(findings.reminders)];
  const summary = {
    ...findings,
    reminders,
    exports: exportCounts(exports),
    restored,
    month: MONTH,
    coverage,
    counts,
    differences,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ledger.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  if (existsSync(deliveries)) copyFileSync(deliveries, join(folder, 'deliveries.jsonl'));
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

/** What there is of draws and inspections: said, counted, published, running. */
async function inspectionsOf(
  { api, county, sample, published, folder, signal, tell }: LookingBack,
  events: readonly LedgerEvent[],
): Promise<Findings['inspections']> {
  const [at, as] = [LOOKED_BACK_AT, somebody(sample, 'prefecture-officer')];
  const gaps = await everyItem((from) => api(listGridGaps, { as, at, query: from }));
  const draws = await drawsOf({ api, sample }, at);
  const where = { county: sample.county, folder: join(folder, 'draws') };
  return {
    draws: draws.map(({ drawId, stage, kind, period }) => ({ drawId, stage, kind, period })),
    recounted: recountInspections(events),
    published: await fetchPublished({ published, ...where, at, signal, tell }),
    running: await county.drawsRunning(),
    gridGaps: gaps.map(({ target }) => target),
  };
}

function byColour(rows: readonly (Figures & { readonly colour: Colour })[]): Record<Colour, Figures> {
  const none = { due: 0, onTime: 0, madeUpLate: 0, missed: 0, suspended: 0, running: 0 };
  const of = (wanted: Colour): Figures => {
    const { due, onTime, madeUpLate, missed, suspended, running } = rows.find(({ colour }) => colour === wanted) ?? none;
    return { due, onTime, madeUpLate, missed, suspended, running };
  };
  return { RED: of('RED'), ORANGE: of('ORANGE'), YELLOW: of('YELLOW'), BLUE: of('BLUE') };
}

function countsOf(
  events: readonly LedgerEvent[],
  cases: readonly CountedCase[],
  { requests, seconds }: Played,
): Summary['counts'] {
  const of = (type: string) => events.filter((event) => event.type === type);
  const lengths = (event: LedgerEvent, ...lists: string[]): number =>
    lists.reduce((sum, list) => sum + ((event.data as Record<string, readonly string[] | undefined>)[list]?.length ?? 0), 0);
  return {
    requests,
    seconds,
    events: events.length,
    points: of('RiskAdded').length,
    rounds: new Set(of('RoundSubmitted').map(({ subject }) => subject)).size,
    checks: sumOf(of('RoundSubmitted').map((event) => lengths(event, 'onTime', 'late', 'already', 'notDue'))),
    sealed: sumOf(of('PeriodSealed').map((event) => lengths(event, 'missed', 'madeUpLate', 'suspended'))),
    escalations: sumOf(cases.map(({ escalations }) => escalations)),
    missedDeadlines: sumOf(cases.map(({ missed }) => missed)),
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const cell = (value: string | number, width: number): string => String(value).padStart(width);

/** What of the exports stands in the summary. */
interface ExportCounts extends Omit<ExportFindings, 'events'> {
  readonly exported: number;
}
const exportCounts = ({ events, ...rest }: ExportFindings): ExportCounts => ({ ...rest, exported: events.length });

/** What is sealed, and what an auditor has of it. */
function exportRows({ exports: { bundles, exported, unsealed, faults, fetched, stamped }, restored }: Summary): string {
  const of = (kind: string) => bundles.filter((one) => one.kind === kind);
  const files = sumOf(bundles.map((one) => one.files));
  const megabytes = (sumOf(bundles.map(({ bytes }) => bytes)) / 1e6).toFixed(1);
  const root = of('day').at(-1)?.root ?? '';
  return [
    `  sealed    ${exported} events of the days that have ended, ${unsealed} of them by the comparison of ledger and log; the last day is proved by the root ${root}`,
    `  exported  ${of('day').length} days and ${of('month').length} months in ${files} files (${megabytes} MB, ${fetched} fetched now through an auditor's links); ${faults.length === 0 ? 'both verifiers say yes to all, and each chain is whole' : 'verifiers say no'}`,
    `  witnessed by a made-up witness, whose cosignature both verifiers ask for; ${stamped === undefined ? 'tokens of a made-up time-stamp authority are in the bundles, but there is no openssl here to verify them' : `openssl verifies the made-up time-stamp authority's token in ${stamped} bundles`}`,
    `  restored  ${restored.root === undefined ? 'nothing: see below' : `into empty tables from the auditor's files and the log, with the root ${restored.root}, which is the signed one`}`,
  ].join('\n');
}

/** What was drawn, visited and found, and what of it an auditor can verify. */
function inspectionRows({ inspections: { draws, recounted, published } }: Summary): string {
  const { tasks } = recounted;
  const count = <Item>(items: readonly Item[], is: (item: Item) => boolean): number => items.filter(is).length;
  const sum = (of: 'hazards' | 'problems' | 'missed' | 'escalations'): number =>
    tasks.reduce((total, task) => total + task[of], 0);
  const stages = [...new Set(draws.map(({ stage }) => stage))].map(
    (stage) => `${count(draws, (draw) => draw.stage === stage)} ${stage}`,
  );
  const visited = tasks.filter(({ outcome }) => outcome !== undefined);
  const others = count(visited, ({ outcome }) => outcome !== 'inspected');
  const bundles = published.flatMap((series) => series.draws);
  const verified = bundles.filter(({ isRevealed, fault }) => isRevealed && fault === undefined);
  const right = count(published, ({ fault }) => fault === undefined);
  return [
    `  draws     ${draws.length} of ${published.length} authorities: ${stages.join(', ')}; ${count(recounted.draws, ({ madeUp }) => madeUp)} made up with a reason, ${recounted.draws.reduce((total, { replaced }) => total + replaced, 0)} substitution`,
    `  tasks     ${tasks.length}: ${visited.length} visited (${others} in vain), ${sum('problems')} problems and ${sum('hazards')} hazards found, ${sum('missed')} overdue, told ${sum('escalations')} times`,
    `  verified  ${verified.length} of ${count(bundles, ({ isRevealed }) => isRevealed)} bundles replayed byte for byte, ${right} of ${published.length} series without a gap`,
  ].join('\n');
}

/** Who was told how, and what went wrong on the way. */
function reminderRows({ reminders }: Summary): string {
  const { subscriptions, told, messages, merged, largest, dropped, held, retried, dead, redriven, again, disabled } = reminders;
  const each = messages === 0 ? 0 : Math.round((10 * told) / messages) / 10;
  return [
    `  reminders ${told} told to ${subscriptions} subscriptions in ${messages} messages: ${merged} merged, ${each} in each, ${largest} at most; ${dropped} dropped before they were sent, ${held} held by quiet hours`,
    `            ${retried} attempts more, ${reminders.deadMessages} messages dead, ${redriven} reminders redriven, ${dead} left dead, ${again} messages replayed, ${disabled} subscriptions disabled`,
    `  received  ${reminders.received} messages taken by robots, apps and a feed, ${reminders.refused} not; ${reminders.called} call somebody by name`,
  ].join('\n');
}

/** The table as it is printed. */
export function tableOf(summary: Summary): string {
  const { figures, total, recounted, recountedCases, cases, running, coverage, counts, differences } = summary;
  const widths = [9, 12, 9, 11, 10];
  const row = (name: string, values: readonly (string | number)[], last: string) =>
    `  ${name.padEnd(8)}${values.map((value, index) => cell(value, widths[index] ?? 9)).join('')}   ${last}`;
  const numbers = ({ due, onTime, madeUpLate, missed, suspended }: Omit<Figures, 'running'>) => [
    due,
    onTime,
    madeUpLate,
    missed,
    suspended,
  ];
  const same = (colour: Colour) =>
    String(numbers(figures[colour])) === String(numbers(recounted[colour])) ? 'same' : `${numbers(recounted[colour])}`;
  const stages = STAGES.map((stage) => ({ stage, said: cases.filter((one) => one.stage === stage).length }));
  const major = recountedCases.filter(({ isMajor }) => isMajor).length;
  const ratio = (name: keyof Omit<Coverage, 'of'>) => {
    const { numerator, denominator, percent } = coverage[name];
    return `${name} ${numerator}/${denominator} (${percent} %)`;
  };
  return `
${summary.month} in the sample county (invented): ${summary.enterprises.listed} enterprises, ${counts.points} risks

${row('checks', ['due', 'on time', 'late', 'missed', 'suspended'], 'counted from the ledger')}
${COLOURS.map((colour) => row(colour.toLowerCase(), numbers(figures[colour]), same(colour))).join('\n')}
${row('total', numbers(total), '')}

  hazards   ${cases.length} (${major} major): ${stages
    .filter(({ said }) => said > 0)
    .map(({ stage, said }) => `${said} ${stage}`)
    .join(', ')}
            ${counts.missedDeadlines} deadlines missed, told ${counts.escalations} times; ${running.length} executions wait for ${recountedCases.filter(({ isOpen }) => isOpen).length} open cases
${inspectionRows(summary)}
${reminderRows(summary)}
${exportRows(summary)}
  coverage  ${(['entered', 'standard', 'graded', 'signed', 'checked'] as const).map(ratio).join(', ')}
  counted   ${counts.requests} requests in ${counts.seconds} s, ${counts.rounds} rounds, ${counts.checks} checks, ${counts.sealed} exceptions sealed, ${counts.events} events

${differences.length === 0 ? 'Everything adds up.' : `It does not add up:\n${differences.map((difference) => `  - ${difference}`).join('\n')}`}`;
}
