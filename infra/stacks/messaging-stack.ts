import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { raiseFunctionAlarms, raiseScheduleAlarm } from '../constructs/function-alarms.ts';
import { MessagingDashboard } from '../constructs/messaging-dashboard.ts';
import { namesOf, tell, urlsOf } from '../constructs/outputs.ts';
import { raiseTableAlarms } from '../constructs/table-alarms.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { Addressing } from './messaging/addressing.ts';
import { ChannelApi } from './messaging/channel-api.ts';
import { Composing, reminderMetric } from './messaging/composing.ts';
import { MessagingQueues } from './messaging/queues.ts';
import { Sending } from './messaging/sending.ts';
import { type MessagingShared, messagingSettings } from './messaging/shared.ts';
import { Undelivered } from './messaging/undelivered.ts';
import { CountyFunctions } from './service/county-functions.ts';
import type { ServiceStack } from './service-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface MessagingStackProps {
  readonly deployment: Deployment;
  readonly state: StateStack;
  readonly service: ServiceStack;
}

/** How a county's reminders reach people's messaging apps. It hangs on the bus: the service works without it, and knows nothing of it. */
export class MessagingStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, state, service }: MessagingStackProps) {
    super(scope, id, {
      terminationProtection: deployment.isProtected,
      description: `${deployment.name} (${deployment.id}): reminders, their channels and what sends them. Holds no data.`,
    });
    if (deployment.receivers.allowsLoopback && (deployment.isProtected || !deployment.simulation)) {
      throw new Error(
        `${deployment.id} allows receivers on the loopback, which only a simulated county may that nothing protects`,
      );
    }
    const { bus, api } = service;
    const alarms = new Alarms(this, 'MessagingAlarms', { isHeard: !deployment.simulation, topic: service.alarms.topic });
    const functions = new CountyFunctions(this, deployment);
    const schedules = new ScheduleGroup(this, 'MessagingSchedules', { removalPolicy: RemovalPolicy.DESTROY });
    const queues = new MessagingQueues(this, 'Queues', { alarms, isTlsOnly: deployment.isTlsOnly });
    const settings = messagingSettings(deployment, state, service, queues);
    const shared: MessagingShared = { deployment, state, bus, functions, schedules, alarms, queues, settings };

    const addressing = new Addressing(this, 'Addressing', shared);
    const composing = new Composing(this, 'Composing', shared);
    new Sending(this, 'Sending', shared);
    new ChannelApi(this, 'ChannelApi', { ...shared, http: api.http });
    const undelivered = new Undelivered(this, 'Undelivered', shared);

    const deadLetters = [...queues.deadLetters, addressing.deadLetters, composing.deadLetters];
    raiseScheduleAlarm(alarms, schedules);
    raiseFunctionAlarms(alarms, functions.all);
    raiseTableAlarms(alarms, state.channels, state.indexes.get(state.channels) ?? []);
    new MessagingDashboard(this, 'MessagingDashboard', {
      alarms,
      functions: functions.all,
      queues: [...queues.all, ...deadLetters, ...undelivered.attentions],
      channels: state.channels,
      reminders: reminderMetric(deployment),
    });
    tell(this, {
      ChannelsTable: state.channels.tableName,
      ChannelKeyId: state.channelKey.keyArn,
      ...urlsOf([...queues.all, ...deadLetters, ...undelivered.attentions]),
      ...namesOf(functions.all),
    });
  }
}
