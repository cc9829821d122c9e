/** Who hears of what: an alarm for everything that may go wrong by itself, each with a paragraph that says what to do. */
import { readFileSync } from 'node:fs';
import { METRICS } from '../../functions/compose-messages/metrics.ts';
import { PARAGRAPHS } from '../../infra/constructs/alarms.ts';
import { deployment as real } from '../../infra/deployments/533102.ts';
import { deployment as sample } from '../../infra/deployments/533102-sample.ts';
import { LogForked } from '../../shared/data/archive-files.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { NAMESPACE } from '../../shared/runtime/metric-line.ts';
import { at, flat, ofType, referredIn, synthesise } from '../support/synthesised.ts';

const runbook = readFileSync(new URL('../../infra/RUNBOOK.md', import.meta.url), 'utf8');
const headings = new Set(Array.from(runbook.matchAll(/^## (.+)$/gm), ([, heading]) => heading));

test('every paragraph that an alarm may name is in the runbook', () => {
  for (const paragraph of PARAGRAPHS) expect(headings).toContain(paragraph);
});

describe.each([real, sample])('$id', (deployment) => {
  const { state, messaging, made } = synthesise(deployment);
  const alarms = ofType(made, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => {
    const dimensions = Object.fromEntries(
      (Array.isArray(Properties.Dimensions) ? Properties.Dimensions : []).map(({ Name, Value }) => [Name, Value]),
    );
    return { id, ...Properties, namespace: String(Properties.Namespace), metric: String(Properties.MetricName), dimensions };
  });
  const on = (namespace: string, metric: string, dimension: string, id: string) =>
    alarms.filter(
      (alarm) => alarm.namespace === namespace && alarm.metric === metric && referredIn(alarm.dimensions[dimension]) === id,
    );
  const idsOf = (type: string): string[] => ofType(made, type).map(([id]) => id);

  test('every alarm tells the county’s topic what is the matter and which paragraph says what to do, unless time is simulated', () => {
    const [topic] = idsOf('AWS::SNS::Topic');
    const named = new Set<string>();
    for (const alarm of alarms) {
      const [, paragraph = ''] = /RUNBOOK\.md, "(.+)"\.$/.exec(String(at(alarm, 'AlarmDescription'))) ?? [];
      expect(headings).toContain(paragraph);
      named.add(paragraph);
      const [action, ...others] = Object(at(alarm, 'AlarmActions'));
      expect([referredIn(action), others]).toEqual([topic, []]);
      expect(at(alarm, 'ActionsEnabled')).toBe(!deployment.simulation);
    }
    expect([...named].sort()).toEqual([...PARAGRAPHS].sort());
  });

  test('the account’s alarms may publish to the topic, over TLS alone', () => {
    const [[, policy] = []] = ofType(made, 'AWS::SNS::TopicPolicy');
    expect(at(policy?.Properties, 'PolicyDocument', 'Statement')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    );
  });

  test('the first message that is given up sounds', () => {
    const givenUpTo = new Set(
      [
        ...ofType(made, 'AWS::SQS::Queue').map(([, queue]) => at(queue, 'Properties', 'RedrivePolicy', 'deadLetterTargetArn')),
        ...ofType(made, 'AWS::Scheduler::Schedule').map(([, one]) => at(one, 'Properties', 'Target', 'DeadLetterConfig', 'Arn')),
        ...[...ofType(made, 'AWS::Lambda::EventInvokeConfig'), ...ofType(made, 'AWS::Lambda::EventSourceMapping')].map(
          ([, one]) => at(one, 'Properties', 'DestinationConfig', 'OnFailure', 'Destination'),
        ),
      ].flatMap((target) => referredIn(target) ?? []),
    );
    expect(givenUpTo.size).toBeGreaterThan(0);
    for (const queue of givenUpTo) {
      const [alarm] = on('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue);
      expect(alarm).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Statistic: 'Maximum',
      });
    }
  });

  test('a fact that nothing but a person can answer sounds until somebody has', () => {
    const workedOff = ofType(made, 'AWS::Lambda::EventSourceMapping').map(([, one]) =>
      referredIn(at(one, 'Properties', 'EventSourceArn')),
    );
    const facts = ofType(made, 'AWS::Events::Rule').flatMap(([, { Properties }]) => {
      expect(at(Properties, 'EventPattern', 'source')).toEqual(['dual-prevention']);
      const queue = referredIn(at(Properties, 'Targets', 0, 'Arn')) ?? '';
      if (workedOff.includes(queue)) return []; // no person's
      const [alarm] = on('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue);
      expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 });
      const permits = ofType(made, 'AWS::SQS::QueuePolicy').filter(([, policy]) =>
        JSON.stringify(policy).includes('"Service":"events.amazonaws.com"'),
      );
      expect(permits.map(([, policy]) => referredIn(at(policy.Properties, 'Queues', 0)))).toContain(queue);
      return at(Properties, 'EventPattern', 'detail-type');
    });
    expect(facts).toEqual([
      ...['DrawRefused', 'DrawMissed', 'RandomnessMissing', 'DrawNotRevealed'],
      ...['MessageDead', 'SubscriptionDisabled', 'ReceiverFailing'],
    ]);
  });

  test('a message that was never tried calls nobody: that its subscription is disabled does', () => {
    const patterns = ofType(messaging, 'AWS::Events::Rule').map(([, { Properties }]) => Object(at(Properties, 'EventPattern')));
    const dead = patterns.filter(
      (pattern) => Object(pattern['detail-type']).length === 1 && pattern['detail-type'][0] === 'MessageDead',
    );
    expect(dead.map(({ detail }) => detail)).toEqual([{ data: { attempts: [{ numeric: ['>', 0] }] } }]);
  });

  test('that the minute’s calls are missing sounds, though other things call the same function', () => {
    const [group] = ofType(messaging, 'AWS::Scheduler::ScheduleGroup').map(([, { Properties }]) => Properties.Name);
    const [few, ...others] = alarms.filter(({ metric, dimensions }) => {
      return metric === 'InvocationAttemptCount' && dimensions.ScheduleGroup === group;
    });
    expect(others).toEqual([]);
    expect(few).toMatchObject({ Period: 300, Threshold: 2, TreatMissingData: 'breaching', Statistic: 'Sum' });
    // With them it is called five times, without them as often as the others are.
    const rarer = ofType(messaging, 'AWS::Scheduler::Schedule').filter(
      ([, { Properties }]) => Properties.ScheduleExpression !== 'rate(1 minute)',
    );
    expect(rarer.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(['rate(5 minutes)']);
  });

  test('what waits too long on its way to somebody sounds, in each queue and before it is in one', () => {
    const { within } = policyFor(countyCode(deployment.county), instant('2026-03-01T00:00:00.000Z')).reminders.sending;
    const queues = ofType(messaging, 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => referredIn(Properties.EventSourceArn) ?? '',
    );
    expect(queues).toHaveLength(3);
    for (const queue of queues) {
      const [alarm] = on('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', queue);
      expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Statistic: 'Maximum' });
      expect(Number(at(alarm, 'Threshold'))).toBeLessThan(within.minutes * 60);
    }
    const ofLogs = ofType(made, 'AWS::Logs::MetricFilter').map(([, one]) =>
      at(one, 'Properties', 'MetricTransformations', 0, 'MetricName'),
    );
    const ofTheLog = [...ofLogs, 'UnsealedAgeSeconds', 'Unsealed', 'LogFindings', 'BundlesUnstamped'];
    const [late, ...others] = alarms.filter(({ namespace, metric }) => namespace === NAMESPACE && !ofTheLog.includes(metric));
    expect(others).toEqual([]);
    expect(late).toMatchObject({ MetricName: 'OldestWaitingSeconds', Statistic: 'Maximum', Threshold: within.minutes * 60 });
    expect(late?.dimensions).toEqual({ County: deployment.county });
    expect(METRICS).toHaveProperty(String(late?.metric));
  });

  test('a schedule that does not call, or cannot, sounds', () => {
    for (const [, { Properties }] of ofType(made, 'AWS::Scheduler::Schedule')) {
      const called = referredIn(at(Properties, 'Target', 'Arn')) ?? '';
      // A workflow is started by others too: of its schedule alone tells the schedule's own group.
      const ofGroup = alarms.filter(
        ({ metric, dimensions }) =>
          metric === 'InvocationAttemptCount' && dimensions.ScheduleGroup === at(Properties, 'GroupName'),
      );
      const ofFunction = on('AWS/Lambda', 'Invocations', 'FunctionName', called);
      const isWorkflow = made[called]?.Type === 'AWS::StepFunctions::StateMachine';
      const [silence] = (isWorkflow ? ofGroup : ofFunction).filter((alarm) => at(alarm, 'TreatMissingData') === 'breaching');
      expect(silence).toMatchObject({ ComparisonOperator: 'LessThanOrEqualToThreshold', Threshold: 0 });
      const seconds = Number(at(silence, 'EvaluationPeriods')) * Number(at(silence, 'Period'));
      expect(seconds).toBeLessThanOrEqual(7 * 86_400); // CloudWatch looks back a week at most
      // Who is called every few minutes is missed within the hour where reminders hang on it.
      if (called in messaging) expect(seconds).toBeLessThanOrEqual(1800);
    }
    const groups = ofType(made, 'AWS::Scheduler::ScheduleGroup').map(([, { Properties }]) => Properties.Name);
    const dropped = alarms.filter(({ metric }) => metric === 'InvocationDroppedCount');
    expect(dropped.map(({ dimensions }) => dimensions.ScheduleGroup).sort()).toEqual([...groups].sort());
    for (const [, { Properties }] of ofType(made, 'AWS::Scheduler::Schedule')) expect(groups).toContain(Properties.GroupName);
  });

  test('a function that fails or is throttled, an execution that ends badly, a stream that is behind, an API that faults sound', () => {
    for (const fn of idsOf('AWS::Lambda::Function')) {
      expect(on('AWS/Lambda', 'Errors', 'FunctionName', fn).length).toBeGreaterThan(0);
      expect(on('AWS/Lambda', 'Throttles', 'FunctionName', fn)).toHaveLength(1);
    }
    for (const machine of idsOf('AWS::StepFunctions::StateMachine')) {
      for (const metric of ['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut', 'ExecutionThrottled']) {
        expect([metric, on('AWS/States', metric, 'StateMachineArn', machine).length]).toEqual([metric, 1]);
      }
    }
    const reading = ofType(made, 'AWS::Lambda::EventSourceMapping').filter(([, one]) =>
      at(one, 'Properties', 'StartingPosition'),
    );
    expect(reading).toHaveLength(2); // one tells, one seals
    for (const [, { Properties }] of reading) {
      expect(on('AWS/Lambda', 'IteratorAge', 'FunctionName', referredIn(Properties.FunctionName) ?? '')).toHaveLength(1);
    }
    expect(on('AWS/ApiGateway', '5xx', 'ApiId', idsOf('AWS::ApiGatewayV2::Api')[0] ?? '')).toHaveLength(1);
  });

  test('what is sealed late, was not sealed, or would fork the log sounds', () => {
    const { seal } = policyFor(countyCode(deployment.county), instant('2026-03-01T00:00:00.000Z')).exports;
    const [late] = alarms.filter(({ metric }) => metric === 'UnsealedAgeSeconds');
    const atOnce = { Statistic: 'Maximum', DatapointsToAlarm: 1, EvaluationPeriods: 3 }; // and quiet only after three without
    expect(late).toMatchObject({ ...atOnce, Threshold: seal.within.minutes * 60, Period: 300 });
    const [found] = alarms.filter(({ metric }) => metric === 'LogFindings');
    expect(found).toMatchObject({ ...atOnce, Threshold: 1, Period: 3600 }); // as often as it is said anew
    const [unsealed] = alarms.filter(({ metric }) => metric === 'Unsealed');
    expect(unsealed).toMatchObject({ Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1 });
    for (const alarm of [late, unsealed, found]) expect(alarm?.dimensions).toEqual({ County: deployment.county });
    const filters = ofType(made, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
    expect(filters.map(({ LogGroupName }) => referredIn(LogGroupName)?.replace(/Log\w+$/, '')).sort()).toEqual([
      ...['ReconcileLedger', 'SealLedger'],
    ]);
    for (const { FilterPattern, MetricTransformations } of filters) {
      expect(FilterPattern).toBe(`{ $.error.name = "${new LogForked('').name}" }`);
      const name = at(MetricTransformations, 0, 'MetricName');
      expect(alarms.filter(({ metric }) => metric === name)).toMatchObject([{ Threshold: 1, EvaluationPeriods: 1 }]);
      expect(name).toContain(deployment.id.replaceAll('-', '_')); // two in one account are two
    }
  });

  test('a table or an index that turns calls away sounds, and so does a table that fails', () => {
    const of = alarms.filter(({ namespace }) => namespace === 'AWS/DynamoDB');
    const found = of.map(({ metric, dimensions: { TableName, GlobalSecondaryIndexName: index, Operation } }) =>
      [flat(TableName), index, Operation, metric].filter((part) => part !== undefined).join(' '),
    );
    const wanted = ofType(state, 'AWS::DynamoDB::GlobalTable').flatMap(([table, { Properties }]) => {
      const indexes = Properties.GlobalSecondaryIndexes;
      const names = (Array.isArray(indexes) ? indexes : []).map(({ IndexName }) => `<${table}> ${IndexName}`);
      return [
        ...[`<${table}>`, ...names].flatMap((where) => [`${where} ReadThrottleEvents`, `${where} WriteThrottleEvents`]),
        ...['Query', 'TransactWriteItems'].map((operation) => `<${table}> ${operation} SystemErrors`),
      ];
    });
    expect(found.sort()).toEqual(wanted.sort());
  });

  test('every alarm is of one metric that has no label, since others do not reach every installation', () => {
    for (const { id, namespace, metric, ...alarm } of alarms) {
      expect([id, namespace, metric, at(alarm, 'Metrics')]).toEqual([
        id,
        expect.stringMatching(new RegExp(`^AWS/|^${NAMESPACE}$`)),
        expect.stringMatching(/^\w+$/),
        undefined,
      ]);
    }
  });

  test('the dashboards show every alarm', () => {
    const shown = JSON.stringify(
      ofType(made, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => Properties.DashboardBody),
    );
    for (const { id } of alarms) expect(shown).toContain(`"${id}"`);
  });

  test('the dashboard of messaging shows only what is measured', () => {
    const shown = JSON.stringify(ofType(messaging, 'AWS::CloudWatch::Dashboard'));
    const names = Array.from(shown.matchAll(new RegExp(`${NAMESPACE}[\\\\"]+,[\\\\"]+(\\w+)`, 'g')), ([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(METRICS).toHaveProperty(String(name));
  });
});
