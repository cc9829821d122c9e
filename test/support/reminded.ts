/** A county in memory whose bus reaches everybody's channels: what is told goes through the real addressing, over the real stores. */
import { addressReminders } from '../../functions/address-reminders/address-reminders.ts';
import { backgroundOf } from '../../functions/address-reminders/background.ts';
import { wholeOf } from '../../functions/address-reminders/whole.ts';
import { commit } from '../../shared/data/commit.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { ownerWrites } from '../../shared/data/owner-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { riskWrites } from '../../shared/data/risk-store.ts';
import { dynamoStandingStores, standingSources } from '../../shared/data/standing-sources.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { type Instant, instant, later } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Hazard, HazardFact } from '../../shared/domain/hazard.ts';
import { decideHazard, type HazardOccasion, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { countyCode, personId, receiverId, riskNo, subscriptionId, townshipCode } from '../../shared/domain/ids.ts';
import type { Wake } from '../../shared/domain/message.ts';
import { departmentOwner, enterpriseOwner } from '../../shared/domain/owner.ts';
import { newOwner } from '../../shared/domain/register-owner.ts';
import type { RiskPoint } from '../../shared/domain/register-risk.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { isReminding } from '../../shared/domain/reminding.ts';
import { stillStands } from '../../shared/domain/still-stands.ts';
import type { Subscription, SubscriptionScope } from '../../shared/domain/subscription.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { onBus } from '../../shared/runtime/notices.ts';
import { began, people, report, rules, type Step, township, uscc } from './hazard-case.ts';
import { memoryTables } from './memory-tables.ts';

export const county = countyCode('533102');
const OTHER = creditCode('91350100M000100Y43');
export const WORKS = '瑞丽化工厂';
/** Of the works, and of its people. */
export const PHONE = '13987654321';
export const CONTACT = '刀卫国';

/** Whose channel it is, by what the tests call it. */
const SCOPES: Readonly<Record<string, readonly [SubscriptionScope, (readonly Role[])?]>> = {
  'the works': [{ of: 'enterprise', uscc }],
  'its head': [{ of: 'enterprise', uscc }, ['head']],
  'workshop one': [{ of: 'workshop', uscc, workshop: '一车间' }],
  'workshop two': [{ of: 'workshop', uscc, workshop: '二车间' }],
  'other works': [{ of: 'enterprise', uscc: OTHER }],
  township: [{ of: 'township', township }, ['township-officer']],
  'its mayor': [{ of: 'township', township }, ['township-head']],
  'other township': [{ of: 'township', township: townshipCode('533102002') }],
  department: [{ of: 'department', department: 'YJJ' }, ['department-officer']],
  'its chief': [{ of: 'department', department: 'YJJ' }, ['department-head']],
  'other department': [{ of: 'department', department: 'JTJ' }],
  committee: [{ of: 'county' }, ['committee-officer']],
  governor: [{ of: 'county' }, ['government-head']],
  li: [{ of: 'inspector', person: personId('li') }],
  wang: [{ of: 'inspector', person: personId('wang') }],
  zhao: [{ of: 'inspector', person: personId('zhao') }],
};
export type Who = keyof typeof SCOPES;
const NAMES = Object.keys(SCOPES);

/** One thing that was told, and who was told it. */
export interface Reminded {
  readonly kind: string;
  readonly urgent: boolean;
  readonly who: readonly string[];
}

let beginning: string | undefined;

export class RemindedCounty {
  readonly tables = memoryTables();
  readonly woken: Wake[] = [];
  /** What the clock says where the bus is late; absent: it brings everything at once. */
  clock?: Instant;
  private readonly subscriptions = dynamoSubscriptionStore(county);
  readonly deliveries = dynamoDeliveryStore(county);
  private readonly sources = {
    county,
    subscriptions: this.subscriptions,
    register: dynamoRegisterStore(county),
    hazards: dynamoHazardStore,
    tasks: dynamoTaskStore,
    draws: dynamoDrawStore(county),
    receivers: dynamoReceiverStore(county),
    deliveries: this.deliveries,
    duties: dynamoDutyStore(county),
    ledger: dynamoLedgerStore,
  };

  /** Everybody has a channel, and wants everything. What it is like in the beginning is made once. */
  static async open(): Promise<RemindedCounty> {
    const made = new RemindedCounty();
    if (beginning === undefined) {
      await made.begin();
      beginning = made.tables.snapshot();
    }
    made.tables.restore(beginning);
    return made;
  }

  private async begin(): Promise<void> {
    for (const owner of [enterpriseOwner(uscc), enterpriseOwner(OTHER)]) {
      const enterprise = {
        name: owner === enterpriseOwner(uscc) ? WORKS : '另一家',
        ...{ township, industry: 'hazardous-chemicals', supervisor: departmentOwner('YJJ') },
        contacts: [{ post: '负责人', name: CONTACT, phone: PHONE }],
        workshops: [],
      };
      await commit({ writes: ownerWrites(county, undefined, { ...newOwner(owner), enterprise, version: 1 }), events: [] });
    }
    for (const name of NAMES) await this.subscribe(name);
  }

  async subscribe(name: Who, change: Partial<Subscription> = {}, no = NAMES.indexOf(name)): Promise<Subscription> {
    const [scope, roles] = SCOPES[name] ?? [{ of: 'county' }];
    const after: Subscription = {
      ...{ id: idOf(no), county, name, channel: 'webhook', scope, kinds: REMINDER_KINDS, language: 'zh-CN' },
      ...(roles && { roles }),
      ...{ mentions: { users: [], everybody: false }, receiver: receiverId(String(no).padStart(32, 'a')), host: 'example.com' },
      ...{ state: 'active', madeBy: personId('li'), madeAt: began },
      ...change,
    };
    const occasion = { at: began, county, actor: people.system };
    const before = await this.subscriptions.load(after.id);
    await this.subscriptions.save({
      after,
      facts: before === undefined ? [{ type: 'SubscriptionMade', data: after }] : [{ type: 'SubscriptionEnabled', data: {} }],
      ifVersion: before?.version ?? 0,
      occasion,
    });
    return after;
  }

  /** As the rule of the bus hands it to the queue: what nobody wants does not come. */
  async tell(...details: readonly { readonly type: string; readonly at: Instant }[]): Promise<number> {
    let put = 0;
    for (const detail of details.filter(({ type }) => isReminding(type))) {
      const read = onBus.parse(JSON.parse(JSON.stringify({ 'detail-type': detail.type, detail })));
      const policy = policyFor(county, read.told.at);
      const address = addressReminders({
        county,
        backgroundOf: (told) => backgroundOf({ ...this.sources, policy }, told),
        subscriptions: this.subscriptions,
        deliveries: this.deliveries,
        timesAt: () => policy.reminders,
        byNow: (told) => later(told, this.clock ?? told),
        wake: async (wake) => {
          this.woken.push(wake);
        },
      });
      put += (await address(await wholeOf({ ...this.sources, policy }, read))).deliveries;
    }
    return put;
  }

  /** The county's bus, as those see it who tell something. */
  readonly bus = {
    publish: async (told: readonly { readonly type: string; readonly at: Instant }[]) => {
      await this.tell(...told);
      return [];
    },
  };

  /** All that is in the ledger of a subject from a sequence on, told in its order. */
  async tellFrom(subject: string, sequence = 1): Promise<number> {
    const { events } = await dynamoLedgerStore.ofSubject(subject, 500);
    return this.tell(...events.filter((event) => event.sequence >= sequence));
  }

  async of(who: Who): Promise<readonly Delivery[]> {
    return (await this.deliveries.ofSubscription(idOf(NAMES.indexOf(who)), 500)).items;
  }

  /** Who was told what, in the order of the reminders' instants. */
  async told(): Promise<readonly Reminded[]> {
    const tables = new Map(JSON.parse(this.tables.snapshot()) as [string, [string, { _et: string; state: Delivery }][]][]);
    const stored = (tables.get('CHANNELS_TABLE') ?? []).map(([, item]) => item);
    const all = stored.filter(({ _et }) => _et === 'DELIVERY').map(({ state }) => state);
    const reminders = new Map(all.map(({ reminder }) => [reminder.id, reminder]));
    return [...reminders.values()]
      .sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? -1 : 1))
      .map(({ id, kind, isUrgent }) => ({
        kind,
        urgent: isUrgent,
        who: NAMES.filter((_, no) => all.some(({ reminder, subscription }) => reminder.id === id && subscription === idOf(no))),
      }));
  }

  /** What is left of the reminders of one channel at an instant, by kind: themselves, or why nothing. */
  async left(who: Who, at: Instant): Promise<readonly (readonly [string, Awaited<ReturnType<typeof stillStands>>])[]> {
    const sources = standingSources(county, dynamoStandingStores(county));
    const asked = (await this.of(who)).map(
      async ({ reminder }) => [reminder.kind, await stillStands(reminder, sources, at)] as const,
    );
    return Promise.all(asked);
  }

  /** Those of one channel that still stand. */
  async standing(who: Who, at: Instant): Promise<readonly Delivery['reminder'][]> {
    return (await this.left(who, at)).flatMap(([, one]) => (typeof one === 'string' ? [] : one));
  }

  /** Why the others do not. */
  async gone(who: Who, at: Instant): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(
      (await this.left(who, at)).flatMap(([kind, one]) => (typeof one === 'string' ? [[kind, one]] : [])),
    );
  }

  /** A risk point of the works. */
  async point(no: string, workshop: string): Promise<void> {
    const grade = { colour: 'RED', explanation: '专家评定', method: 'EXPERTS', experts: ['甲'], reason: '储量大' } as const;
    const after: RiskPoint = {
      ...{ owner: enterpriseOwner(uscc), no: riskNo(no), addedIn: 1, changedIn: 1, version: 1 },
      grades: { inherent: grade, residual: grade },
      content: {
        ...{ name: '储罐', location: '', workshop, dimensions: [], participants: [], mainRisk: '火灾', accidents: [] },
        ...{ possibleHazards: '', consequences: '', controls: [], emergency: '', reporting: '', responsible: '' },
      },
    };
    await commit({ writes: riskWrites(county, { after, facts: [] }), events: [] });
  }

  /** A case as it is reported, told. */
  async report(given: Partial<typeof report> = {}, finding: Partial<(typeof report)['finding']> = {}): Promise<void> {
    const whole = { ...report, ...given, finding: { ...report.finding, ...finding } };
    const fact = reportHazard(whole, rules, began);
    await this.write(undefined, [fact], { at: began, actor: people.li });
  }

  /** Steps of the case, each told as soon as it is written. */
  async play(...steps: readonly Step[]): Promise<void> {
    for (const [who, when, command] of steps) {
      const { hazard } = (await dynamoHazardStore.load(county, report.id)) ?? {};
      if (hazard === undefined) throw new Error('the case was not reported');
      const answer = decideHazard(hazard, command, rules, { at: when, actor: people[who] });
      if (answer.kind === 'denied') throw new Error(`${command.type} by ${who} was refused: ${answer.reason}`);
      await this.write(hazard, answer.events, { at: when, actor: people[who] });
    }
  }

  private async write(before: Hazard | undefined, facts: readonly HazardFact[], occasion: HazardOccasion): Promise<void> {
    const after = facts.reduce<Hazard | undefined>((state, fact) => evolveHazard(state, { ...fact, ...occasion }), before);
    if (after === undefined) throw new Error('no fact, no case');
    const ifVersion = (await dynamoHazardStore.load(county, report.id))?.version ?? 0;
    await dynamoHazardStore.save({ hazard: after, facts, ifVersion, occasion: { ...occasion, county } });
    await this.tellFrom(`HAZ#${report.id}`, ifVersion + 1);
  }
}

export const idOf = (no: number) => subscriptionId(String(no).padStart(20, '0'));
export const at = (text: string): Instant => instant(`2026-${text}:00+08:00`);
