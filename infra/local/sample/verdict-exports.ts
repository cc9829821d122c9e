/** Whether what was exported is the whole truth: each event of the ledger once, in bundles that follow each other and that both verifiers let pass. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import { canonical, type Json } from '../../../shared/draw/canonical-json.ts';
import { DAYS, MONTH, on } from './act.ts';
import type { ExportFindings } from './exports.ts';
import type { RestoreFindings } from './restoring.ts';

const placeOf = ({ subject, sequence }: { readonly subject: string; readonly sequence: number }): string =>
  `${subject}/${sequence}`;
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** As the record has it, but for its place in the log. */
const lineOf = (event: LedgerEvent): string =>
  createHash('sha256')
    .update(canonical(json(event)))
    .digest('hex');

function ofEvents({ events }: ExportFindings, ledger: readonly LedgerEvent[], closedUntil: Instant): string[] {
  const exported = new Map<string, string>();
  const twice: string[] = [];
  for (const event of events) {
    if (exported.has(placeOf(event))) twice.push(placeOf(event));
    exported.set(placeOf(event), event.line);
  }
  const recorded = new Map(ledger.map((event) => [placeOf(event), event]));
  const ended = ledger.filter(({ at }) => at < closedUntil);
  return [
    ...twice.map((place) => `${place} was exported twice`),
    ...ended
      .filter((event) => !exported.has(placeOf(event)))
      .map((event) => `${placeOf(event)} (${event.type}) was not exported`),
    ...[...exported.keys()]
      .filter((place) => !recorded.has(place))
      .map((place) => `the ledger has no ${place} that was exported`),
    ...[...recorded].flatMap(([place, event]) => {
      const line = exported.get(place);
      return line === undefined || line === lineOf(event) ? [] : [`${place} was exported otherwise than the ledger has it`];
    }),
  ];
}

/** The days of the month and those before it from the loading on, each once; the months that have ended. */
function ofSeries({ bundles }: ExportFindings): string[] {
  const days = bundles.filter(({ kind }) => kind === 'day');
  const months = bundles.filter(({ kind }) => kind === 'month');
  const wanted = Array.from({ length: DAYS }, (_, day) => `${MONTH}-${String(day + 1).padStart(2, '0')}`);
  return [
    ...wanted.filter((day) => !days.some(({ from }) => from === day)).map((day) => `there is no bundle of ${day}`),
    ...days
      .filter(({ from }, index) => index > 0 && from <= (days[index - 1]?.to ?? ''))
      .map(({ from }) => `${from} was closed twice`),
    ...(months.some(({ from }) => from === wanted[0]) ? [] : [`there is no bundle of ${MONTH}`]),
    ...months
      .filter(({ to, end }) => days.find((day) => day.to === to)?.end !== end)
      .map(({ from }) => `the month from ${from} on does not end where its last day ends`),
  ];
}

/** Everything that is not as it ought to be, each in a sentence. `ledger`: all that it says, read by its own way. */
export function ofExports(findings: ExportFindings, restored: RestoreFindings, ledger: readonly LedgerEvent[]): string[] {
  return [
    ...findings.differing.map((each) => `ledger and log differ: ${each}`),
    ...findings.faults.map(({ by, says }) => `${by}: ${says}`),
    ...(restored.root === undefined ? [`the county could not be restored: ${restored.says}`] : []),
    ...ofSeries(findings),
    ...ofEvents(findings, ledger, on(DAYS + 1, '00:00')),
  ];
}
