/**
 * Who is reminded where in the sample month: groups of enterprises, workshops, townships and departments, an inspector, the county's office,
 * its apps; and what goes wrong with some of them.
 */
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import {
  changeSubscription,
  confirmRead,
  enableSubscription,
  endSubscription,
  makeSubscription,
  readFeed,
  readSubscription,
  redriveDeliveries,
  replaceAddress,
  replayMessages,
  rotateSecret,
  testSubscription,
} from '../../../functions/serve-channels/api.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import { type SubscriptionId, subscriptionId } from '../../../shared/domain/ids.ts';
import type { ReminderKind } from '../../../shared/domain/reminder.ts';
import { linksIn } from '../../../test/support/receivers/links.ts';
import type { Fault } from '../../../test/support/receivers/receivers.ts';
import { type Act, DAYS, on, type Scene } from './act.ts';
import type { SampleCounty, SampleEnterprise, SamplePerson } from './county.ts';
import type { Robot } from './receiving.ts';
import { somebody, staffOf } from './staff.ts';

/** One of the month's subscriptions. */
export interface Subscriber {
  /** What people call the group or the app; also the receiver's name, where none is given. */
  readonly name: string;
  readonly by: SamplePerson;
  readonly scope: z.input<NonNullable<typeof makeSubscription.body>>['scope'];
  readonly channel: Robot | 'feed';
  /** The robot, where several subscriptions share one. */
  readonly robot?: string;
  readonly kinds?: readonly ReminderKind[];
  /** Who is called by name there, by the platform's own id. */
  readonly mentions?: readonly string[];
}

/** What is known of the subscriptions once they are made. */
export class Subscriptions {
  readonly #ids = new Map<Subscriber, SubscriptionId>();
  /** Whose receiver takes what is sent and never answers. */
  readonly hanging = new Set<SubscriptionId>();

  made(subscriber: Subscriber, id: SubscriptionId): void {
    this.#ids.set(subscriber, id);
  }

  idOf(subscriber: Subscriber): SubscriptionId {
    const id = this.#ids.get(subscriber);
    if (id === undefined) throw new Error(`nobody has subscribed ${subscriber.name}`);
    return id;
  }
}

/** So many enterprises of one park share one robot: more than it may be sent in a minute. */
const OF_THE_PARK = 24;
const PARK = '工业园区安全员群';
const TRACK = 'reminders';
/** As the platform names whoever has the shift in the workshop: invented. */
export const ON_DUTY = 'sample-team-leader';
/** Before the first period is opened. */
const SUBSCRIBED_AT = on(1, '07:10');

export interface RemindersPlan {
  readonly acts: readonly Act[];
  readonly subscriptions: Subscriptions;
  /** A feed to which nothing goes but tests: what comes out at its end has gone all the way. */
  readonly pulse: Subscriber;
}

/** The receiver of a subscription: its own, but for those of the park. */
export const receiverNamed = (subscription: string, { enterprises }: Pick<SampleCounty, 'enterprises'>): string =>
  enterprises.some(({ name }) => name === subscription) ? PARK : subscription;

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const ofEnterprise = ({ uscc }: SampleEnterprise) => ({ of: 'enterprise', uscc }) as const;
const receiverOf = (scene: Scene, { channel, robot, name }: Subscriber) => {
  if (channel === 'feed') throw new Error(`nothing is sent to ${name}`);
  return scene.receiving.stand(channel, robot ?? name);
};

/** Who of the cast does what with his subscription. */
function doing(subscriptions: Subscriptions) {
  let number = 0;
  const act = (at: Instant, does: string, run: (scene: Scene, key: string) => Promise<void> | void): Act => {
    const key = `sample-reminders-${++number}`;
    return { at, track: TRACK, story: 'reminders', does, run: async (scene) => run(scene, key) };
  };
  const ofIt = (subscriber: Subscriber) => ({ params: { id: subscriptions.idOf(subscriber) } });
  const versionOf = async ({ api }: Scene, subscriber: Subscriber, at: Instant): Promise<number> =>
    (await api(readSubscription, { as: subscriber.by, at, ...ofIt(subscriber) })).version;

  return {
    act,
    /** `secret`: not the one that the platform shows. */
    subscribe: (subscriber: Subscriber, secret?: string): Act =>
      act(SUBSCRIBED_AT, 'MakeSubscription', async (scene, key) => {
        const { name, by, scope, channel, kinds, mentions } = subscriber;
        const receiver = channel === 'feed' ? undefined : receiverOf(scene, subscriber);
        const given = secret ?? receiver?.secret;
        const body = {
          ...{ name, scope, channel },
          ...(kinds && { kinds: [...kinds] }),
          ...(mentions && { mentions: { users: [...mentions] } }),
          ...(receiver && { address: receiver.address }),
          ...(given !== undefined && { secret: given }),
        };
        const { id } = await scene.api(makeSubscription, { as: by, at: SUBSCRIBED_AT, key, body });
        subscriptions.made(subscriber, subscriptionId(id));
      }),
    breaks: (subscriber: Subscriber, at: Instant, fault: Fault): Act =>
      act(at, `its receiver: ${fault.is}`, (scene) => {
        if (fault.is === 'hang') subscriptions.hanging.add(subscriptions.idOf(subscriber));
        receiverOf(scene, subscriber).fails(fault);
      }),
    mended: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'its receiver: mended', (scene) => {
        subscriptions.hanging.delete(subscriptions.idOf(subscriber));
        receiverOf(scene, subscriber).heals();
      }),
    repaste: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'ReplaceAddress', async (scene, key) => {
        const { address, secret } = receiverOf(scene, subscriber);
        const version = await versionOf(scene, subscriber, at);
        const body = { version, address, ...(secret !== undefined && { secret }) };
        await scene.api(replaceAddress, { as: subscriber.by, at, key, ...ofIt(subscriber), body });
      }),
    enable: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'EnableSubscription', async (scene, key) => {
        const body = { version: await versionOf(scene, subscriber, at) };
        await scene.api(enableSubscription, { as: subscriber.by, at, key, ...ofIt(subscriber), body });
      }),
    end: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'EndSubscription', async (scene, key) => {
        const body = { version: await versionOf(scene, subscriber, at) };
        await scene.api(endSubscription, { as: subscriber.by, at, key, ...ofIt(subscriber), body });
      }),
    tries: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'TestSubscription', async (scene, key) => {
        await scene.api(testSubscription, { as: subscriber.by, at, key, ...ofIt(subscriber), body: {} });
      }),
    redrive: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'RedriveDeliveries', async (scene, key) => {
        await scene.api(redriveDeliveries, { as: subscriber.by, at, key, ...ofIt(subscriber), body: {} });
      }),
    replay: (subscriber: Subscriber, at: Instant, from: Instant, until: Instant): Act =>
      act(at, 'ReplayMessages', async (scene, key) => {
        await scene.api(replayMessages, { as: subscriber.by, at, key, ...ofIt(subscriber), body: { from, until } });
      }),
    /** The app takes the new secret only hours later; until then both sign. */
    rotate: (subscriber: Subscriber, at: Instant, taken: Instant): Act[] => [
      act(at, 'RotateSecret', async (scene, key) => {
        const version = await versionOf(scene, subscriber, at);
        const body = { version, secret: scene.receiving.nextSecretOf(subscriber.name) };
        await scene.api(rotateSecret, { as: subscriber.by, at, key, ...ofIt(subscriber), body });
      }),
      act(taken, 'the app takes its new secret', (scene) => scene.receiving.takesNext(subscriber.name)),
    ],
    quieter: (subscriber: Subscriber, at: Instant): Act =>
      act(at, 'ChangeSubscription', async (scene, key) => {
        const { name, scope } = subscriber;
        const body = { version: await versionOf(scene, subscriber, at), name, scope, quiet: { from: '20:00', until: '08:00' } };
        await scene.api(changeSubscription, { as: subscriber.by, at, key, ...ofIt(subscriber), body });
      }),
    /** What is new since the last time, and that it was read. */
    fetch: (subscriber: Subscriber, at: Instant, from: { read: number }): Act =>
      act(at, 'ReadFeed', async (scene, key) => {
        const { by, name } = subscriber;
        for (let isMore = true; isMore; ) {
          const query = { after: from.read, limit: 100 };
          const page = await scene.api(readFeed, { as: by, at, ...ofIt(subscriber), query });
          for (const { id, body } of page.messages) {
            const text = JSON.stringify(body);
            scene.receiving.fetched({
              ...{ platform: 'feed', receiver: name, at, status: 200, isTaken: true, webhookId: id },
              ...{ text, bytes: Buffer.byteLength(text), links: linksIn(body), sha256: sha256Of(text) },
            });
          }
          from.read = page.after;
          isMore = page.isMore;
        }
        const body = { message: from.read };
        if (from.read > 0) await scene.api(confirmRead, { as: by, at, key, ...ofIt(subscriber), body });
      }),
  };
}

/** `stories`: the acts of hazards, by which enterprises are chosen that have something to be told. */
export function planReminders(sample: SampleCounty, stories: readonly Act[]): RemindersPlan {
  const subscriptions = new Subscriptions();
  const does = doing(subscriptions);
  const { enterprises, inspectors, risks } = sample;
  const committee = somebody(sample, 'committee-officer');
  const taken = new Set<SampleEnterprise>();
  const choose = (what: string, isIt: (enterprise: SampleEnterprise) => boolean): SampleEnterprise => {
    const found = enterprises.find((enterprise) => !taken.has(enterprise) && isIt(enterprise));
    if (found === undefined) throw new Error(`the sample has no ${what}`);
    taken.add(found);
    return found;
  };
  const ofStory = (story: string) =>
    choose(`enterprise of ${story}`, ({ uscc }) => stories.some((act) => act.story === story && act.track === uscc));
  const managerOf = (enterprise: SampleEnterprise) => staffOf(sample, enterprise).manager;
  const group = (enterprise: SampleEnterprise, channel: Robot, name: string): Subscriber => ({
    ...{ name, by: managerOf(enterprise), scope: ofEnterprise(enterprise), channel },
  });

  const [major, overdue, late] = [ofStory('major'), ofStory('overdue'), ofStory('overdue-then-done')];
  const careful = ofStory('returned-then-accepted');
  const workshop = risks.find(({ uscc }) => uscc === major.uscc)?.workshop ?? '';
  const { officer, townshipOfficer } = staffOf(sample, major);
  const [inspector] = inspectors;
  if (inspector === undefined) throw new Error('the sample has no inspectors');

  const safety = group(major, 'wecom', '企业安全管理群');
  const team: Subscriber = {
    mentions: [ON_DUTY],
    ...{ name: '车间班组群', by: managerOf(major), channel: 'wecom' },
    scope: { of: 'workshop', uscc: major.uscc, workshop },
  };
  const unsteady = group(careful, 'feishu', '企业安全群');
  const mistyped = group(late, 'dingtalk', '企业安全员群');
  const hanging = group(overdue, 'webhook', '企业自建系统');
  const township: Subscriber = {
    ...{ name: '乡镇安监群', by: townshipOfficer, channel: 'feishu' },
    scope: { of: 'township', township: major.township },
  };
  const department: Subscriber = {
    ...{ name: '部门监管群', by: officer, channel: 'dingtalk' },
    scope: { of: 'department', department: major.supervisor },
  };
  const app: Subscriber = { ...department, name: '部门业务系统', channel: 'webhook' };
  const sent: Subscriber = {
    ...{ name: '检查人员提醒', by: inspector.person, channel: 'feishu' },
    scope: { of: 'inspector', person: inspector.person.id },
  };
  const ofCounty = (name: string, channel: Subscriber['channel'], kinds?: readonly ReminderKind[]): Subscriber => ({
    ...{ name, by: committee, channel, scope: { of: 'county' } },
    ...(kinds && { kinds }),
  });
  const duty = ofCounty('安委办值班群', 'wecom');
  const screen = ofCounty('安委办大屏', 'feed');
  const oldScreen = ofCounty('安委办旧大屏', 'webhook');
  const pulse = ofCounty('值班电脑', 'feed', ['test']);
  const park = enterprises
    .filter((enterprise) => !taken.has(enterprise) && enterprise.behaviour !== 'absent')
    .slice(0, OF_THE_PARK)
    .map(
      (enterprise): Subscriber => ({
        ...group(enterprise, 'dingtalk', enterprise.name),
        robot: PARK,
        kinds: ['checks-due', 'list-ending'],
      }),
    );
  const others = [safety, team, unsteady, hanging, township, department, app, sent, duty, screen, oldScreen, pulse, ...park];
  const reading = { read: 0 };
  const acts = [
    ...others.map((subscriber) => does.subscribe(subscriber)),
    // It answers 503 for two hours, and has what was sent meanwhile when it is well again.
    does.breaks(unsteady, on(1, '07:30'), { is: 'status', status: 503 }),
    does.mended(unsteady, on(1, '09:30')),
    // The secret was mistyped: the platform refuses the signature, nothing is sent any more, until somebody pastes the right one.
    does.subscribe(mistyped, `SEC${'0'.repeat(64)}`),
    does.repaste(mistyped, on(1, '10:20')),
    does.enable(mistyped, on(1, '10:21')),
    does.redrive(mistyped, on(1, '10:22')),
    // It never answers just when a cure is overdue: after all its attempts the message is dead; the app is mended, and has it after all.
    does.breaks(hanging, on(10, '20:10'), { is: 'hang' }),
    does.mended(hanging, on(18, '09:00')),
    does.tries(hanging, on(18, '09:05')),
    does.redrive(hanging, on(18, '09:10')),
    // It is taken down without a word: 410, disabled, the others of the county are told, and somebody ends it.
    does.breaks(oldScreen, on(9, '07:30'), { is: 'status', status: 410 }),
    does.end(oldScreen, on(10, '09:00')),
    ...does.rotate(app, on(11, '09:00'), on(11, '18:00')),
    // The app lost a day, and asks for it again.
    does.replay(app, on(13, '10:00'), on(10, '00:00'), on(13, '00:00')),
    does.quieter(township, on(5, '10:00')),
    ...Array.from({ length: DAYS }, (_, index) => does.fetch(screen, on(index + 1, '18:40'), reading)),
    does.fetch(screen, on(DAYS + 1, '11:55'), reading),
  ];
  return { acts, subscriptions, pulse };
}
