/** The sample county from its files to its summary: loaded, played and looked back on, once for each state of the cloud. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { listEnterprises } from '../../../functions/serve-register/api.ts';
import { instantAt } from '../../../shared/domain/calendar.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import { deployment } from '../../deployments/533102-sample.ts';
import type { RunningCounty } from '../running-county.ts';
import { root, saying, Unready } from '../setup.mjs';
import { apiClient } from './api-client.ts';
import { publicDoor } from './bundles.ts';
import { type SampleCounty, sampleCounty } from './county.ts';
import { uploadBy } from './evidence.ts';
import { type SampleFile, sampleFiles } from './files.ts';
import { LOADED_AT, loadFile } from './loading.ts';
import { LOOKED_BACK_AT, planMonth, playMonth } from './month.ts';
import { readMonth, sampleHash, whyAgain, writeMonth } from './month-record.ts';
import { seededRandom } from './random.ts';
import { type Receiving, startReceiving } from './receiving.ts';
import { somebody } from './staff.ts';
import { lookBack, type Summary } from './summary.ts';

const reconciled = z.object({ started: z.array(z.string()) });
const swept = z.object({ started: z.number() });

/** Where the files as sent, the ledger and the summary lie. */
export const KEPT_IN = join(root, '.local', 'sample');

/** What the receivers of the month got. It is played once, so this lies beside its record, and a copy beside the ledger. */
const DELIVERIES = 'deliveries.jsonl';
/** What the witness has seen: it is of this log, and goes with the state that the log is in. */
const SEEN = 'witness.checkpoint';

/** The same county at every start. */
export function theSample(): SampleCounty {
  const code = countyCode(deployment.county);
  return sampleCounty(code, policyFor(code, LOADED_AT), seededRandom(Number(code)));
}

async function filesOf(sample: SampleCounty): Promise<SampleFile[]> {
  const { county } = sample;
  const files = await sampleFiles(sample, policyFor(county, LOADED_AT), seededRandom(Number(county) + 1));
  rmSync(KEPT_IN, { recursive: true, force: true });
  mkdirSync(KEPT_IN, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(KEPT_IN, name), bytes);
  return files;
}

export interface Running {
  readonly county: RunningCounty;
  /** The folder of the cloud's state, in which the month's record is kept. */
  readonly state: string;
  readonly signal: AbortSignal;
}

/** Loads and plays what was not yet, and looks back. */
export async function runSample({ county, state, signal }: Running): Promise<Summary> {
  const sample = theSample();
  const api = apiClient(county);
  const known = readMonth(state);
  const again = whyAgain(known);
  if (again !== undefined) {
    throw new Unready(
      `${again[0]?.toUpperCase()}${again.slice(1)}, and what is at ${county.endpoint} cannot be set back from here: delete the county's stacks there, remove ${state}, then start again.`,
    );
  }
  if (known?.played !== undefined) await reconcile();
  const played = known?.played ?? (await loadAndPlay());
  return saying('Looking back on the month', (tell) =>
    lookBack({
      api,
      county,
      published: publicDoor(county.apiUrl),
      sample,
      played,
      deliveries: join(state, DELIVERIES),
      seen: join(state, SEEN),
      folder: KEPT_IN,
      signal,
      tell,
      pause,
    }),
  );

  /** Executions that waited when the services were stopped are dead: what the hourly schedule would do is done at once. */
  async function reconcile() {
    const at = instantAt(Date.now());
    const answer = await saying('Reconciling cases and executions', () => county.invoke('reconcile-cases', { at }));
    const { started } = reconciled.parse(answer);
    const draws = swept.parse(await county.invoke('sweep-draws', { at: LOOKED_BACK_AT }));
    const all = started.length + draws.started;
    if (all > 0) console.log(`  ${all} executions had ended with the services, and run again.`);
  }

  async function loadAndPlay() {
    const committee = somebody(sample, 'committee-officer');
    const { items } = await api(listEnterprises, { as: committee, at: LOADED_AT, query: { limit: 1 } });
    if (items.length > 0) {
      throw new Unready(
        `The county at ${county.endpoint} has enterprises already that this checkout did not load: name an endpoint with nothing in it, or delete the county's stacks there (this checkout's own cloud: remove .local/cloud), then start again.`,
      );
    }
    const begun = Date.now();
    writeMonth(state, { state: 'begun', sample: sampleHash() });
    const loading = { api, as: committee, at: LOADED_AT, signal, pause };
    await saying('Loading the sample county', async (tell) => {
      for (const [index, file] of (await filesOf(sample)).entries()) await loadFile({ ...loading, tell }, file, index + 1);
    });
    const receiving = await startReceiving(join(state, DELIVERIES));
    try {
      return await play(receiving, begun);
    } finally {
      await receiving.stop();
    }
  }

  async function play(receiving: Receiving, begun: number) {
    const faults: string[] = [];
    const scene = {
      api,
      sample,
      receiving,
      upload: uploadBy(api),
      published: publicDoor(county.apiUrl),
      fault: (says: string) => faults.push(says),
    };
    const plan = planMonth(sample, seededRandom(Number(sample.county) + 2));
    await saying('Playing the month', (tell) => playMonth({ county, scene, plan, signal, tell, pause }));
    const seconds = Math.round((Date.now() - begun) / 1000);
    const result = { requests: api.requests(), seconds, acts: plan.acts.length, faults };
    writeMonth(state, { state: 'played', sample: sampleHash(), played: result });
    return result;
  }
}
