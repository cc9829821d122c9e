/** The open task token of a draw: an item of its own beside the draw, because the draw is written whole. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { item, number, string } from 'dynamodb-toolbox/schema';
import { type Draw, drawSubject } from '../domain/draw.ts';
import { standingOfKind } from '../domain/draw-kind.ts';
import type { CountyCode } from '../domain/ids.ts';
import { partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';
import { keptOrSuperseded, unlessLater } from './token-order.ts';

type Named = Pick<Draw, 'authority' | 'number' | 'kind'>;

/** Which wait of which run of the draw the token belongs to, and what the run believed the draw to be owed. */
export interface DrawToken {
  readonly attempt: number;
  readonly turn: number;
  readonly step: string;
  readonly token: string;
}

export interface DrawTokenStore {
  /** Keeps the token unless that of a later wait lies there already. */
  keep(draw: Named, token: DrawToken): Promise<'kept' | 'superseded'>;
  /** The token last kept. Strongly consistent. */
  of(draw: Named): Promise<DrawToken | undefined>;
}

const orderOf = ({ attempt, turn }: DrawToken): string => `${String(attempt).padStart(12, '0')}.${String(turn).padStart(6, '0')}`;

export const DrawTokenEntity = new Entity({
  name: 'DRAW_TOKEN', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    attempt: number(),
    turn: number(),
    order: string(),
    step: string(),
    token: string(),
  }),
  timestamps: false,
});

export const dynamoDrawTokenStore = (county: CountyCode): DrawTokenStore => {
  const keyOf = (draw: Named) => ({
    partition: partitionOf(county, standingOfKind(draw.kind)),
    part: `${drawSubject(draw)}#TOKEN`,
  });
  return {
    keep(draw, token) {
      const order = orderOf(token);
      const put = DrawTokenEntity.build(PutItemCommand).item({ ...keyOf(draw), ...token, order });
      return keptOrSuperseded(put.options(unlessLater(order)).send());
    },
    async of(draw) {
      const { Item } = await DrawTokenEntity.build(GetItemCommand).key(keyOf(draw)).options({ consistent: true }).send();
      if (Item === undefined) return undefined;
      const { attempt, turn, step, token } = Item;
      return { attempt, turn, step, token };
    },
  };
};
