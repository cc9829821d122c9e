/** Tells the county's bus. What is told has an id of its own, so that being told twice does nothing to those who listen. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export const BUS_SOURCE = 'dual-prevention';

export interface Notice {
  /** The same notice again has the same id. */
  readonly id: string;
  /** Past tense, as the events of the ledger. */
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The service takes at most this many at once. */
const AT_ONCE = 10;
const ATTEMPTS = 4;

/** The bus did not take some of it, also when asked again. */
export class BusRefused extends Error {
  override readonly name = 'BusRefused';
}

export type Publish = (notices: readonly Notice[]) => Promise<void>;

/** Publishes in order; what the bus did not take is sent again, and what it never takes is an error. */
export function busPublisher(bus: string, client = new EventBridgeClient()): Publish {
  const send = async (notices: readonly Notice[]): Promise<readonly Notice[]> => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: notices.map(({ id, type, detail }) => ({
          EventBusName: bus,
          Source: BUS_SOURCE,
          DetailType: type,
          Detail: JSON.stringify({ ...detail, id }),
        })),
      }),
    );
    return notices.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
  };
  return async (notices) => {
    for (let first = 0; first < notices.length; first += AT_ONCE) {
      let left: readonly Notice[] = notices.slice(first, first + AT_ONCE);
      for (let attempt = 1; left.length > 0; attempt++) {
        if (attempt > ATTEMPTS) throw new BusRefused(`${left.length} notices, the first is ${left[0]?.id}`);
        left = await send(left);
      }
    }
  };
}
