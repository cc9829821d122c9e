import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Paragraphs of `infra/RUNBOOK.md`; an alarm that names none does not compile. */
export const PARAGRAPHS = [
  'A message was given up',
  'A schedule was missed',
  'A schedule could not be delivered',
  'A workflow execution failed',
  'Calls are throttled',
  'The ledger stream is behind',
  'The API answers with faults',
  'A function fails',
  'An import does not go on',
  'A draw was refused',
  'A draw was missed',
  'Randomness is missing',
  'A draw was not revealed in time',
  'Reminders are late',
  'A message was told to nobody',
  'A subscription was disabled',
  'A receiver keeps failing',
  'Sealing is behind',
  'The log would fork',
  'Events were not sealed',
  'Ledger and log differ',
  'A bundle has no time stamp',
] as const;
export type Paragraph = (typeof PARAGRAPHS)[number];

interface Condition {
  readonly metric: IMetric;
  /** What is the matter when it sounds, in a sentence. */
  readonly says: string;
  readonly answeredBy: Paragraph;
  /** Sounds from this value on; below it with `atMost`. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** For how many of the metric's periods in a row. */
  readonly periods?: number;
  /** Sounds at once, and is quiet again only after so many of the metric's periods without: one thing that comes and goes is told once. */
  readonly quietAfter?: number;
  /** Whether silence is the fault, as for something that ought to run. */
  readonly isSilenceBad?: boolean;
}

export interface AlarmsProps {
  /** In an installation that is not heard alarms change their state and tell nobody: a simulated county has no clock. */
  readonly isHeard: boolean;
  /** Whom they tell; without, a topic of their own, which this mail hears. */
  readonly topic?: Topic;
  readonly mail?: string;
}

/** The alarms of one of a county's stacks, and whom they tell. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];
  private readonly isHeard: boolean;

  constructor(scope: Construct, id: string, { isHeard, topic, mail }: AlarmsProps) {
    super(scope, id);
    this.isHeard = isHeard;
    this.topic = topic ?? this.topicOfItsOwn(mail);
  }

  raise(
    id: string,
    { metric, says, answeredBy, atLeast, atMost, periods = 1, quietAfter, isSilenceBad = false }: Condition,
  ): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      threshold: atLeast ?? atMost ?? 1,
      comparisonOperator:
        atMost === undefined
          ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
          : ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: quietAfter ?? periods,
      ...(quietAfter !== undefined && { datapointsToAlarm: 1 }),
      treatMissingData: isSilenceBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      actionsEnabled: this.isHeard,
      alarmDescription: `${says} What to do: infra/RUNBOOK.md, "${answeredBy}".`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.all.push(alarm);
    return alarm;
  }

  private topicOfItsOwn(mail: string | undefined): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    // A topic with a policy of its own, as `enforceSSL` gives it one, has lost the one by which the account's alarms may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (mail !== undefined) topic.addSubscription(new EmailSubscription(mail));
    return topic;
  }
}
