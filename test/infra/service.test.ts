/** What one county's service is made of: its functions, routes, queues and schedules, held against the code that they run. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import type * as z from 'zod';
import { WANTED } from '../../functions/address-reminders/environment.ts';
import { PUBLIC_ADDRESSES } from '../../functions/serve-published/environment.ts';
import { build } from '../../infra/constructs/bundle.ts';
import { Workflow } from '../../infra/constructs/workflow.ts';
import { deployment } from '../../infra/deployments/533102.ts';
import { deployment as sample } from '../../infra/deployments/533102-sample.ts';
import { deployments } from '../../infra/deployments/all.ts';
import { DOCUMENTATION } from '../../infra/stacks/service/county-api.ts';
import { functionId } from '../../infra/stacks/service/county-functions.ts';
import { drawTimes } from '../../infra/stacks/service/draw-times.ts';
import { DRAW_DEFINITION } from '../../infra/stacks/service/inspections.ts';
import { openingTimes } from '../../infra/stacks/service/period-times.ts';
import { DEFINITION } from '../../infra/stacks/service/rectification.ts';
import { NEWEST } from '../../infra/stacks/service/shared.ts';
import { type Cadence, epochMs, instantAt, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { SEND_TIMEOUT_MS } from '../../shared/domain/receiver.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { SOURCE } from '../../shared/runtime/event-bus.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { firings } from '../support/cron.ts';
import { at, ofType, type Resource, referredIn, synthesise } from '../support/synthesised.ts';

const FUNCTIONS = new URL('../../functions/', import.meta.url);
const folders = readdirSync(FUNCTIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const has = (folder: string, file: string): boolean => existsSync(new URL(`${folder}/${file}`, FUNCTIONS));

const { made, outputs } = synthesise(deployment);
const lambdas = ofType(made, 'AWS::Lambda::Function');
/** The logical id of a folder's function, as the stack tells it. */
const idOf = (folder: string): string => referredIn(outputs[`${functionId(folder)}Function`]) ?? '';
const properties = (id: string): Resource['Properties'] => made[id]?.Properties ?? {};
const seconds = (value: unknown): number => Number(value);

test('every function of the folder is in one of the stacks, is told by its name, and no other is', () => {
  expect(folders.map(idOf).sort()).toEqual(lambdas.map(([id]) => id).sort());
  for (const folder of folders) expect([folder, has(folder, 'handler.ts')]).toEqual([folder, true]);
});

test.each(folders)('%s is given what its environment.ts reads and nothing else', async (folder) => {
  const { environment }: { environment: z.ZodObject } = has(folder, 'environment.ts')
    ? await import(`../../functions/${folder}/environment.ts`)
    : { environment: { shape: {} } };
  const given = Object.keys(at(properties(idOf(folder)), 'Environment', 'Variables') ?? {});
  expect(given.sort()).toEqual([...Object.keys(environment.shape), 'NODE_OPTIONS'].sort());
});

test('the API has exactly the routes of every api.ts, the documentation and what is open to everybody, each with its own function', async () => {
  const wanted: Record<string, string> = Object.fromEntries(
    DOCUMENTATION.map(({ method, path }) => [`${method} ${path}`, idOf('serve-documentation')]),
  );
  for (const { method, path } of PUBLIC_ADDRESSES) wanted[`${method} ${path}`] = idOf('serve-published');
  for (const folder of folders.filter((one) => has(one, 'api.ts'))) {
    const { routes }: { routes: readonly Route[] } = await import(`../../functions/${folder}/api.ts`);
    for (const { method, path } of routes) wanted[`${method} ${path}`] = idOf(folder);
  }
  const integrations = new Map(
    ofType(made, 'AWS::ApiGatewayV2::Integration').map(([id, { Properties }]) => [id, referredIn(Properties.IntegrationUri)]),
  );
  const found = ofType(made, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
    String(Properties.RouteKey),
    integrations.get(referredIn(at(Properties, 'Target', 'Fn::Join', 1, 1)) ?? ''),
  ]);
  expect(Object.fromEntries(found)).toEqual(wanted);
  expect(found).toHaveLength(Object.keys(wanted).length);
});

describe('what runs by the clock', () => {
  const schedules = ofType(made, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => ({
    calls: referredIn(at(Properties, 'Target', 'Arn')),
    expression: String(Properties.ScheduleExpression),
    input: JSON.parse(String(at(Properties, 'Target', 'Input'))) as { at: string; cadence?: Cadence },
  }));
  const of = (folder: string) => schedules.filter(({ calls }) => calls === idOf(folder));
  const cadences = [...new Set(Object.values(cadencesOf(countyCode(deployment.county), instantAt(Date.UTC(2026, 2, 1)))))];
  /** Three years of the county, from midnight to midnight. */
  const [from, until] = [Date.UTC(2025, 11, 31, 16), Date.UTC(2028, 11, 31, 16)];
  /** The beginnings of a cadence's periods, found by looking at every hour. */
  const beginnings = (cadence: Cadence): number[] => {
    const found: number[] = [];
    for (let hour = from; hour < until; hour += 3_600_000) {
      if (periodAt(cadence, instantAt(hour)) !== periodAt(cadence, instantAt(hour - 1))) found.push(hour);
    }
    return found;
  };

  test('every call says for which instant it is meant, in a form that the functions read', () => {
    for (const { input } of schedules) expect(input.at).toBe('<aws.scheduler.scheduled-time>');
    expect(instantText.parse('2026-03-01T16:05:00Z')).toBe('2026-03-01T16:05:00.000Z'); // what the service puts there
  });

  test.each(cadences)('a period (%s) is opened once, on its first day, not when everybody’s clocks strike', (cadence) => {
    const [schedule, ...others] = of('open-period').filter(({ input }) => input.cadence === cadence);
    expect(others).toEqual([]);
    const fired = firings(schedule?.expression ?? '', from, until);
    expect(fired.map((one) => epochMs(windowOf(cadence, periodAt(cadence, instantAt(one))).from))).toEqual(beginnings(cadence));
    for (const one of fired) {
      const { from: begin } = windowOf(cadence, periodAt(cadence, instantAt(one)));
      expect(one - epochMs(begin)).toBeLessThan(86_400_000);
      expect([0, 30]).not.toContain(new Date(one).getUTCMinutes());
    }
  });

  test('reminders that a county wants shortly before a full hour or midnight come after it', () => {
    const wanted = {
      '08:56': 8 * 60 + 59,
      '08:57': 9 * 60,
      '08:58': 9 * 60 + 1,
      '08:59': 9 * 60 + 2,
      '23:57': 24 * 60,
      '23:58': 24 * 60 + 1,
    };
    for (const cadence of cadences) {
      const begun = beginnings(cadence);
      for (const [reminder, minutes] of Object.entries(wanted)) {
        const [{ expression }] = openingTimes([cadence], reminder);
        const after = from + 2 * 86_400_000;
        const due = begun.map((begin) => begin + minutes * 60_000).filter((at) => at >= after && at < until);
        expect([reminder, firings(expression, after, until)]).toEqual([reminder, due]);
      }
    }
  });

  test.each(cadences)(
    'a period (%s) is closed within the hour after its end, when it has settled, and tried again the day after',
    (cadence) => {
      const [schedule, ...others] = of('close-period').filter(({ input }) => input.cadence === cadence);
      expect(others).toEqual([]);
      const fired = new Set(firings(schedule?.expression ?? '', from, until + 86_400_000));
      for (const ended of beginnings(cadence)) {
        const after = [...fired]
          .filter((one) => one > ended && one < ended + 2 * 86_400_000)
          .map((one) => (one - ended) / 60_000);
        expect(after).toHaveLength(2);
        expect(after[0]).toBeGreaterThan(2);
        expect(after[0]).toBeLessThan(60);
      }
    },
  );

  test('cadences that no colour has are neither opened nor closed', () => {
    for (const folder of ['open-period', 'close-period']) {
      expect(
        of(folder)
          .map(({ input }) => input.cadence)
          .sort(),
      ).toEqual([...cadences].sort());
    }
  });

  test('draws are announced by the calendar and made up daily, and swept every few minutes', () => {
    const times = drawTimes(policyFor(countyCode(deployment.county), instantAt(from)));
    expect(of('open-draws').map(({ expression, input }) => [expression, input])).toEqual(
      times.map(({ expression, payload }) => [expression, { at: '<aws.scheduler.scheduled-time>', ...payload }]),
    );
    for (const folder of ['sweep-draws', 'sweep-tasks'])
      expect(of(folder).map(({ expression }) => expression)).toEqual(['rate(5 minutes)']);
    expect(of('check-grid').map(({ expression }) => firings(expression, from, from + 86_400_000).length)).toEqual([1]);
  });

  test('reminders are announced every few minutes and composed every minute', () => {
    expect(of('announce-deadlines').map(({ expression }) => expression)).toEqual(['rate(5 minutes)']);
    expect(of('compose-messages').map(({ expression }) => expression)).toEqual(['rate(1 minute)']);
  });

  test('deadlines are swept every few minutes and cases reconciled every hour', () => {
    expect(of('sweep-deadlines').map(({ expression }) => expression)).toEqual(['rate(5 minutes)']);
    const [hourly] = of('reconcile-cases');
    const hours = firings(hourly?.expression ?? '', from, from + 86_400_000);
    expect(hours).toHaveLength(24);
    expect(new Date(hours[0] ?? 0).getUTCMinutes() % 30).not.toBe(0);
  });
});

describe('what is done behind the scenes', () => {
  const sources = ofType(made, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);

  test('the relay gets the ledger’s events in order, again where it failed, and leaves the rest to the reconciler', () => {
    const relay = sources.find(({ FunctionName }) => referredIn(FunctionName) === idOf('relay-ledger'));
    expect(relay).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 3600,
      MaximumRetryAttempts: 20,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(JSON.parse(String(at(relay, 'FilterCriteria', 'Filters', 0, 'Pattern')))).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { _et: { S: ['EVENT'] } } },
    });
    const destination = referredIn(at(relay, 'DestinationConfig', 'OnFailure', 'Destination'));
    expect(destination).toBe(
      referredIn(at(properties(idOf('reconcile-cases')), 'Environment', 'Variables', 'RELAY_DEAD_LETTERS_URL')),
    );
  });

  test('an import is one message at a time, that is not given to another while it may still be at work', () => {
    const worker = sources.find(({ FunctionName }) => referredIn(FunctionName) === idOf('import-list'));
    expect(worker?.BatchSize).toBe(1);
    const queue = properties(referredIn(worker?.EventSourceArn) ?? '');
    expect(seconds(queue.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * seconds(properties(idOf('import-list')).Timeout));
    const url = at(properties(idOf('serve-imports')), 'Environment', 'Variables', 'IMPORT_QUEUE_URL');
    expect(referredIn(url)).toBe(referredIn(worker?.EventSourceArn));
  });

  test.each([
    ['address-reminders', 'RemindersUrl', 6],
    ['compose-messages', 'WakesUrl', 2], // what a wake that waits is about, the minute's call finds
    ['send-message', 'ShipmentsUrl', 6],
  ])(
    '%s works off its queue by parts, and no message comes to a second call while the first may be at work',
    (folder, url, times) => {
      const [mapping, ...others] = sources.filter(({ FunctionName }) => referredIn(FunctionName) === idOf(folder));
      expect(others).toEqual([]);
      expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
      expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds'); // nobody waits for a batch to fill
      const queue = referredIn(mapping?.EventSourceArn) ?? '';
      expect(referredIn(outputs[url])).toBe(queue);
      const hidden = seconds(properties(queue).VisibilityTimeout);
      expect(hidden).toBeGreaterThanOrEqual(times * seconds(properties(idOf(folder)).Timeout));
    },
  );

  test.each(['RemindersUrl', 'WakesUrl'])('what failed once in %s comes again well before it is late', (url) => {
    const { within } = policyFor(countyCode('533102'), NEWEST).reminders.sending;
    const hidden = seconds(properties(referredIn(outputs[url]) ?? '').VisibilityTimeout);
    expect(hidden).toBeLessThanOrEqual(120);
    expect(2 * hidden).toBeLessThan(60 * within.minutes);
  });

  test('the sender has time for a receiver that hangs, and many calls side by side, so that none waits for another', () => {
    const mapping = sources.find(({ FunctionName }) => referredIn(FunctionName) === idOf('send-message'));
    expect(seconds(at(mapping, 'ScalingConfig', 'MaximumConcurrency'))).toBeGreaterThanOrEqual(100);
    expect(1000 * seconds(properties(idOf('send-message')).Timeout)).toBeGreaterThan(SEND_TIMEOUT_MS);
  });

  test('the bus tells the queue of reminders exactly what its function makes reminders of', () => {
    const rules = ofType(made, 'AWS::Events::Rule').filter(
      ([, { Properties }]) => referredIn(at(Properties, 'Targets', 0, 'Arn')) === referredIn(outputs.RemindersUrl),
    );
    expect(rules).toHaveLength(1);
    const [[, { Properties }] = ['', { Properties: {} }]] = rules;
    expect(at(Properties, 'EventPattern')).toEqual({ source: [SOURCE], 'detail-type': [...WANTED] });
    const given = referredIn(at(Properties, 'Targets', 0, 'DeadLetterConfig', 'Arn'));
    expect(given).toBe(
      referredIn(at(properties(referredIn(outputs.RemindersUrl) ?? ''), 'RedrivePolicy', 'deadLetterTargetArn')),
    );
  });

  test('an announcement says which code will draw: the hash of what is deployed', () => {
    const code = build('draw-lots').find(({ path }) => path.endsWith('.mjs'))?.contents ?? '';
    const { SOFTWARE_SHA256 } = Object(at(properties(idOf('freeze-draw')), 'Environment', 'Variables'));
    expect(SOFTWARE_SHA256).toBe(createHash('sha256').update(code).digest('hex'));
  });

  test('what the relay gave up is looked for as far back as an import or a late call may have taken to record it', () => {
    const environment = at(properties(idOf('reconcile-cases')), 'Environment', 'Variables');
    const within = 60 * seconds(at(environment, 'RECORDED_WITHIN_MINUTES'));
    const worker = sources.find(({ FunctionName }) => referredIn(FunctionName) === idOf('import-list'));
    const queue = properties(referredIn(worker?.EventSourceArn) ?? '');
    expect(within).toBeGreaterThan(seconds(queue.VisibilityTimeout) * seconds(at(queue, 'RedrivePolicy', 'maxReceiveCount')));
    const called = ofType(made, 'AWS::Scheduler::Schedule').map(([, { Properties }]) =>
      seconds(at(Properties, 'Target', 'RetryPolicy', 'MaximumEventAgeInSeconds')),
    );
    const carriedOut = ofType(made, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) =>
      seconds(Properties.MaximumEventAgeInSeconds),
    );
    expect(within).toBeGreaterThan(Math.max(...called) + Math.max(...carriedOut));
  });

  test.each([
    ['open-stage', ['open-stage', 'escalate-hazard']],
    ['open-draw-stage', ['freeze-draw', 'open-draw-stage', 'draw-lots', 'assign-tasks', 'reveal-draw']],
  ])('the workflow of %s calls its functions by their names, in the partition where it runs', (waits, called) => {
    const [, machine] =
      ofType(made, 'AWS::StepFunctions::StateMachine').find(
        ([, { Properties }]) => at(Properties, 'DefinitionSubstitutions', `${functionId(waits)}FunctionArn`) !== undefined,
      ) ?? [];
    const substitutions = at(machine?.Properties, 'DefinitionSubstitutions');
    expect(at(substitutions, 'Partition')).toEqual({ Ref: 'AWS::Partition' });
    for (const folder of called) {
      expect([folder, referredIn(at(substitutions, `${functionId(folder)}FunctionArn`))]).toEqual([folder, idOf(folder)]);
    }
    expect(Object.keys(Object(substitutions))).toHaveLength(called.length + 1);
    const placeholders = String(machine?.Properties.DefinitionString).match(/\$\{\w+\}/g);
    expect([...new Set(placeholders)].sort()).toEqual(
      Object.keys(Object(substitutions))
        .map((name) => `\${${name}}`)
        .sort(),
    );
  });

  test('a definition that names a function that nobody gives it is not deployed', () => {
    const props = { says: '', functions: {}, logRetention: deployment.retention.logs, tracing: false };
    expect(() => new Workflow(new Stack(), 'Workflow', { ...props, definition: DEFINITION })).toThrow(
      /without a partner: OpenStageFunctionArn, EscalateHazardFunctionArn$/,
    );
    expect(() => new Workflow(new Stack(), 'Workflow', { ...props, definition: DRAW_DEFINITION })).toThrow(
      /without a partner: FreezeDrawFunctionArn, /,
    );
  });

  test('whatever is called without anybody waiting for it has a place for what it gives up', () => {
    const given = ofType(made, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => ({
      fn: referredIn(Properties.FunctionName),
      to: referredIn(at(Properties, 'DestinationConfig', 'OnFailure', 'Destination')),
    }));
    const called = new Set(
      ofType(made, 'AWS::Scheduler::Schedule')
        .map(([, { Properties }]) => referredIn(at(Properties, 'Target', 'Arn')) ?? '')
        .filter((target) => made[target]?.Type === 'AWS::Lambda::Function'),
    );
    expect(given.map(({ fn }) => fn).sort()).toEqual([...called].sort());
    for (const { to } of given) expect(made[to ?? '']?.Type).toBe('AWS::SQS::Queue');
    for (const source of sources) {
      const queue = made[referredIn(source.EventSourceArn) ?? ''];
      const redrive =
        at(queue?.Properties, 'RedrivePolicy', 'deadLetterTargetArn') ??
        at(source, 'DestinationConfig', 'OnFailure', 'Destination');
      expect(made[referredIn(redrive) ?? '']?.Type).toBe('AWS::SQS::Queue');
    }
  });
});

test('a function has time enough, and no more than whoever waits for it', () => {
  for (const folder of folders.filter((one) => has(one, 'api.ts'))) {
    expect(seconds(properties(idOf(folder)).Timeout)).toBeLessThan(30); // API Gateway's own patience
  }
  for (const [, { Properties }] of lambdas) expect(seconds(Properties.Timeout)).toBeLessThanOrEqual(900);
});

describe('receivers on the machine itself', () => {
  const loopback = { receivers: { allowsLoopback: true } };
  test.each([
    ['in a real county', { ...deployment, ...loopback }],
    ['in a simulated one that is protected', { ...sample, isProtected: true }],
    ['in an unprotected one that is no simulation', { ...sample, simulation: false }],
  ])('are refused at synthesis %s', (_, refused) => {
    expect(() => synthesise(refused)).toThrow(/allows receivers on the loopback/);
  });

  test('are let in by the sample alone', () => {
    expect(deployments.filter(({ receivers }) => receivers.allowsLoopback).map(({ id }) => id)).toEqual([sample.id]);
  });
});

test('links open where the county’s data say, or at the page of its own API', () => {
  const linkOf = ({ made: all, outputs: told }: ReturnType<typeof synthesise>) =>
    at(all[referredIn(told.ComposeMessagesFunction) ?? '']?.Properties, 'Environment', 'Variables', 'APP_URL');
  expect(linkOf(synthesise({ ...deployment, app: 'https://app.example/county' }))).toBe('https://app.example/county');
  expect(JSON.stringify(linkOf(synthesise(deployment)))).toMatch(/ApiEndpoint.*"\/open#"/);
});
