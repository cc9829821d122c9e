/** Cases of the integration tests: found, carried on by the commands that people give, and watched in Step Functions. */
import { DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { commandRoutes, readHazard, readHazardEvents, reportHazard } from '../../functions/serve-hazards/api.ts';
import { Refused } from '../../infra/local/sample/api-client.ts';
import type { SamplePerson } from '../../infra/local/sample/county.ts';
import { photo, uploadBy } from '../../infra/local/sample/evidence.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { type EvidenceKey, type HazardId, hazardId } from '../../shared/domain/ids.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { runOf } from '../../workflows/hazard-rectification/contract.ts';
import { type County, eventually, freshKey, type Works } from './works.ts';

/** Photos of the works', uploaded: by what they show. */
export async function photosOf<Name extends string>(
  { api }: County,
  { uscc, manager }: Works,
  at: Instant,
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, EvidenceKey>>> {
  const upload = uploadBy(api);
  const keys = await Promise.all(names.map(async (name) => [name, await upload(manager, at, uscc, photo(`${uscc} ${name}`))]));
  return Object.fromEntries(keys);
}

export interface Step {
  readonly by: SamplePerson;
  readonly at: Instant;
  readonly type: PersonCommandType;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Cases {
  report(works: Works, at: Instant, found?: Readonly<Record<string, unknown>>): Promise<HazardId>;
  /** Gives a command on the version that stands. */
  give(id: HazardId, step: Step): Promise<void>;
  read(id: HazardId, as: SamplePerson, at: Instant): ReturnType<typeof readHazardOf>;
  readonly events: (
    id: HazardId,
    as: SamplePerson,
    at: Instant,
  ) => Promise<readonly { sequence: number; type: string; id: string }[]>;
  /** The executions of a case that run, by name. */
  running(id: HazardId): Promise<readonly string[]>;
  /** The executions of every case that run. */
  allRunning(): Promise<ReadonlyMap<HazardId, readonly string[]>>;
  /** Waits until the case's driver is where the case is: waiting in its stage, or at its end. */
  settled(id: HazardId, state: string): Promise<void>;
  /** The states that a run has entered, in order. */
  statesOf(run: string): Promise<readonly string[]>;
}

const readHazardOf = ({ api }: County, id: HazardId, as: SamplePerson, at: Instant) =>
  api(readHazard, { as, at, params: { id } });

export function casesOf(county: County): Cases {
  const { api, cloud } = county;
  const sfn = new SFNClient(cloud.client);
  const stateMachineArn = cloud.outputs.StateMachineArn ?? '';
  const arnOf = (run: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${run}`;
  const statesOf = async (run: string): Promise<string[]> => {
    const states: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn: arnOf(run), maxResults: 1000, nextToken }));
      states.push(
        ...(page.events ?? []).flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name ? [entered.name] : [])),
      );
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return states;
  };
  /** Every run of every case that there is; `status` narrows it. */
  const runs = async (statusFilter?: 'RUNNING'): Promise<string[]> => {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults: 1000, nextToken }));
      names.push(...(page.executions ?? []).flatMap(({ name }) => (name ? [name] : [])));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  };
  /** As the last answer to a command had it; schedules and the workflow may have gone on since. */
  const versions = new Map<HazardId, number>();
  return {
    statesOf,
    async report(works, at, found = {}) {
      const body = { foundAt: at, place: '一号罐区', description: '报警器失灵', ...found };
      const { id, version } = await api(reportHazard, { as: works.post, at, key: freshKey(), body });
      versions.set(hazardId(id), version);
      return hazardId(id);
    },
    async give(id, { by, at, type, body = {} }) {
      const route = commandRoutes[type] as Route;
      const tried = async (version: number | undefined): Promise<void> => {
        const asked = { as: by, at, key: freshKey(), params: { id }, body: { ...body, version } };
        const { version: now } = (await api(route, asked as Parameters<typeof api<Route>>[1])) as { version: number };
        versions.set(id, now);
      };
      try {
        await tried(versions.get(id) ?? (await readHazardOf(county, id, by, at)).version);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'stale-version') throw error;
        await tried((await readHazardOf(county, id, by, at)).version);
      }
    },
    read: (id, as, at) => readHazardOf(county, id, as, at),
    events: async (id, as, at) => {
      const { items } = await api(readHazardEvents, { as, at, params: { id }, query: { limit: 200 } });
      return items;
    },
    async allRunning() {
      const found = new Map<HazardId, string[]>();
      for (const name of await runs('RUNNING')) {
        const hazard = runOf(name)?.hazard;
        if (hazard !== undefined) found.set(hazard, [...(found.get(hazard) ?? []), name]);
      }
      return found;
    },
    running: async (id) => (await runs('RUNNING')).filter((name) => runOf(name)?.hazard === id),
    async settled(id, state) {
      await eventually(`${id} in ${state}`, async () => {
        const last = (await runs())
          .filter((name) => runOf(name)?.hazard === id)
          .sort()
          .at(-1);
        if (last === undefined) return undefined;
        const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: arnOf(last) }));
        const at = (await statesOf(last)).at(-1);
        const isEnd = state === 'Closed' || state === 'Withdrawn';
        return at === state && (status === 'RUNNING') === !isEnd ? true : undefined;
      });
    },
  };
}
