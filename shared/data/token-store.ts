/** The open task token of a case: an item of its own beside the case, because the case is written whole. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { item, number, string } from 'dynamodb-toolbox/schema';
import { colourOfHazard } from '../domain/hazard.ts';
import type { CountyCode, HazardId } from '../domain/ids.ts';
import { hazardsTable } from './tables.ts';
import { keptOrSuperseded, unlessLater } from './token-order.ts';

/** Which wait of which run of the case the token belongs to, and where the run believed the case to be. */
export interface StageToken {
  readonly hazard: HazardId;
  readonly generation: number;
  readonly attempt: number;
  readonly turn: number;
  readonly stage: string;
  readonly token: string;
}

export interface TokenStore {
  /**
   * Keeps the token unless that of a later wait lies there already: a run whose place another has taken, or a function that was held
   * up, does not take the token of the one that drives the case now.
   */
  keep(token: StageToken): Promise<'kept' | 'superseded'>;
  /** The token last kept. Strongly consistent. */
  of(hazard: HazardId): Promise<StageToken | undefined>;
}

const digits = (value: number): string => String(value).padStart(6, '0');
/** Grows from each wait of a case to the next. */
const orderOf = ({ generation, attempt, turn }: StageToken): string => [generation, attempt, turn].map(digits).join('.');

export const TokenEntity = new Entity({
  name: 'HAZARD_TOKEN',
  table: hazardsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    hazard: string(),
    generation: number(),
    attempt: number(),
    turn: number(),
    order: string(),
    stage: string(),
    token: string(),
  }),
  timestamps: false,
});

const keyOf = (county: CountyCode, hazard: HazardId) => ({
  partition: `${county}#${colourOfHazard(hazard)}`,
  part: `HAZ#${hazard}#TOKEN`,
});

export const dynamoTokenStore = (county: CountyCode): TokenStore => ({
  keep(token) {
    const order = orderOf(token);
    const put = TokenEntity.build(PutItemCommand).item({ ...keyOf(county, token.hazard), ...token, order });
    return keptOrSuperseded(put.options(unlessLater(order)).send());
  },
  async of(hazard) {
    const { Item } = await TokenEntity.build(GetItemCommand).key(keyOf(county, hazard)).options({ consistent: true }).send();
    if (Item === undefined) return undefined;
    const { generation, attempt, turn, stage, token } = Item;
    return { hazard, generation, attempt, turn, stage, token };
  },
});
