/** Where what a reminder is about is read as it stands: all stores of records, and each record once within a look. */
import { pageKey } from '../domain/duty-name.ts';
import { isGridTarget } from '../domain/grid-target.ts';
import type { CountyCode } from '../domain/ids.ts';
import { enterpriseOf } from '../domain/owner.ts';
import type { StandingSources } from '../domain/still-stands.ts';
import { type DrawStore, dynamoDrawStore } from './draw-store.ts';
import { type DutyStore, dynamoDutyStore } from './duty-store.ts';
import { dynamoGridStore, type GridStore } from './grid-store.ts';
import { dynamoHazardListStore, type HazardListStore } from './hazard-list-store.ts';
import { dynamoHazardStore, type HazardStore } from './hazard-store.ts';
import { once } from './once.ts';
import { dynamoReceiverStore, type ReceiverStore } from './receiver-store.ts';
import { dynamoSubscriptionStore, type SubscriptionStore } from './subscription-store.ts';
import { dynamoTaskStore, type TaskStore } from './task-store.ts';

export interface StandingStores {
  readonly duties: Pick<DutyStore, 'page' | 'exceptions'>;
  readonly lists: Pick<HazardListStore, 'load'>;
  readonly hazards: Pick<HazardStore, 'load'>;
  readonly tasks: Pick<TaskStore, 'load'>;
  readonly draws: Pick<DrawStore, 'load' | 'ofPeriod'>;
  readonly grid: Pick<GridStore, 'target'>;
  readonly subscriptions: Pick<SubscriptionStore, 'load'>;
  readonly receivers: Pick<ReceiverStore, 'load'>;
}

export const dynamoStandingStores = (county: CountyCode): StandingStores => ({
  duties: dynamoDutyStore(county),
  lists: dynamoHazardListStore(county),
  hazards: dynamoHazardStore,
  tasks: dynamoTaskStore,
  draws: dynamoDrawStore(county),
  grid: dynamoGridStore(county),
  subscriptions: dynamoSubscriptionStore(county),
  receivers: dynamoReceiverStore(county),
});

const itself = (name: string): string => name;

/** Sources for one look: what they have read stays as it was read, so each look takes new ones. Everything is read strongly consistent. */
export function standingSources(county: CountyCode, stores: StandingStores): StandingSources {
  const { duties, lists, hazards, tasks, draws, grid, subscriptions, receivers } = stores;
  type Page = Parameters<StandingSources['page']>[0];
  const exceptions = once(
    ({ page, period }: { page: Page; period: number }) => duties.exceptions(page, period),
    ({ page, period }) => `${period}#${pageKey(page)}`,
  );
  const list = once(
    ({ uscc, month }: { uscc: Parameters<HazardListStore['load']>[0]; month: string }) => lists.load(uscc, month),
    ({ uscc, month }) => `${uscc}#${month}`,
  );
  const draw = once(draws.load, ({ authority, number }) => `${authority}#${number}`);
  const drawOf = once(draws.ofPeriod, ({ authority, kind, period }) => `${authority}#${kind}#${period}`);
  const target = once(grid.target, itself);
  const hazard = once((id: Parameters<StandingSources['hazard']>[0]) => hazards.load(county, id), itself);
  const task = once((id: Parameters<StandingSources['task']>[0]) => tasks.load(county, id), itself);
  const page = once(duties.page, pageKey);
  const subscription = once(subscriptions.load, itself);
  const receiver = once(receivers.load, itself);
  return {
    page: async (of) => (await page(of)).page,
    exceptions: (of, period) => exceptions({ page: of, period }),
    async isListHandedIn(owner, month) {
      const uscc = enterpriseOf(owner);
      return uscc !== undefined && (await list({ uscc, month })) !== undefined;
    },
    hazard: async (id) => (await hazard(id))?.hazard,
    task: async (id) => (await task(id))?.task,
    draw: async (authority, number) => (await draw({ authority, number }))?.draw,
    drawOf: async (of) => (await drawOf(of))?.draw,
    gridTarget: async (of) => (isGridTarget(of) ? (await target(of)).record : undefined),
    subscription: async (id) => (await subscription(id))?.subscription,
    receiver: async (id) => (await receiver(id))?.receiver,
  };
}
