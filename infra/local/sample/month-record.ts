/** How far the month of a cloud came, kept beside the cloud's state: it goes with that state when the cloud is made anew. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { root } from '../setup.mjs';

const record = z.object({
  state: z.enum(['begun', 'played']),
  /** Of what the sample is made from: another sample is another month. */
  sample: z.string(),
  played: z.object({ requests: z.number(), seconds: z.number(), acts: z.number(), faults: z.array(z.string()) }).optional(),
});
type MonthRecord = z.output<typeof record>;

const fileOf = (state: string): string => join(state, 'month.json');

/** Files that look back on a month and make nothing of it. */
const LOOKING_BACK = [
  ...['ledger.ts', 'recount.ts', 'recount-hazards.ts', 'recount-draws.ts', 'bundles.ts'],
  ...['recount-reminders.ts', 'reminder-findings.ts', 'verdict-reminders.ts', 'verdict-arrivals.ts', 'counted-subscriptions.ts'],
  ...[
    'verdict.ts',
    'verdict-draws.ts',
    'summary.ts',
    'run.ts',
    'month-record.ts',
    'exports.ts',
    'restoring.ts',
    'verdict-exports.ts',
  ],
];

/** Changes when the sample county, or what happens in its month, does. */
export const sampleHash = (): string => {
  const folder = join(root, 'infra', 'local', 'sample');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (!LOOKING_BACK.includes(name)) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
};

/** The record in the folder of a cloud's state; one that cannot be read is of a start that broke off while writing it. */
export function readMonth(state: string): MonthRecord | undefined {
  if (!existsSync(fileOf(state))) return undefined;
  try {
    return record.parse(JSON.parse(readFileSync(fileOf(state), 'utf8')));
  } catch {
    return { state: 'begun', sample: '' };
  }
}

export const writeMonth = (state: string, month: MonthRecord): void => {
  mkdirSync(state, { recursive: true });
  writeFileSync(fileOf(state), JSON.stringify(month));
};

/** Why a cloud whose month has come so far has to begin again; `undefined` where it has not. */
export function whyAgain(month: MonthRecord | undefined): string | undefined {
  if (month === undefined) return undefined;
  if (month.state === 'begun') return 'an earlier start broke off in the middle of the month';
  return month.sample === sampleHash() ? undefined : 'the sample county or its month has changed since it was played';
}
