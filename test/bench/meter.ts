/** Counts the request units that DynamoDB says it charged. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface Units {
  readonly write: number;
  readonly read: number;
  readonly requests: number;
}

interface Charged {
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

/** From then on every command of the client is counted; `take` answers what was charged since the last `take`. */
export function meter(client: DynamoDBDocumentClient): { take(): Units } {
  let [write, read, requests] = [0, 0, 0];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = { ...(args.input as object), ReturnConsumedCapacity: 'TOTAL' };
      const answer = await next({ ...args, input });
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Charged | Charged[] };
      const isWrite = WRITES.test(String(context.commandName));
      for (const charged of [ConsumedCapacity ?? []].flat()) {
        const units = charged.CapacityUnits ?? 0;
        if (isWrite) write += units;
        else read += units;
      }
      requests += 1;
      return answer;
    },
    { step: 'initialize', name: 'meter', priority: 'low' },
  );
  return {
    take: () => {
      const taken = { write, read, requests };
      [write, read, requests] = [0, 0, 0];
      return taken;
    },
  };
}
