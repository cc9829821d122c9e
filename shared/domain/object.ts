/** What is supervised as one: an enterprise, or a risk of a public area. Draws, inspections and evidence name it alike. */
import { type CreditCode, creditCode } from './credit-code.ts';
import { type ObjectId, objectId, type RiskNo, riskNo, type TownshipCode, townshipCode } from './ids.ts';

/** What stands for an industry where the object is a public area. */
export const AREA_INDUSTRY = 'area';

/** What an object's name says. */
export type ObjectParts =
  | { readonly of: 'enterprise'; readonly uscc: CreditCode }
  | { readonly of: 'area'; readonly township: TownshipCode; readonly no: RiskNo };

export const enterpriseObject = (uscc: CreditCode): ObjectId => objectId(`ENT:${uscc}`);
export const areaObject = (township: TownshipCode, no: RiskNo): ObjectId => objectId(`AREA:${township}:${no}`);

export function partsOfObject(object: ObjectId): ObjectParts {
  const [kind, first = '', no = ''] = object.split(':');
  return kind === 'ENT'
    ? { of: 'enterprise', uscc: creditCode(first) }
    : { of: 'area', township: townshipCode(first), no: riskNo(no) };
}
