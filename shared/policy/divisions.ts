import { type CountyCode, type TownshipCode, townshipCode } from '../domain/ids.ts';
import divisions from './sources/dehong_divisions.json' with { type: 'json' };

/** The townships, subdistricts and farms of a county by their code (GB/T 2260 and three digits more); none for a county that is not in the list. */
export const townshipsOf = (county: CountyCode): ReadonlyMap<TownshipCode, string> =>
  new Map(divisions.counties.find(({ code }) => code === county)?.townships.map(({ code, name }) => [townshipCode(code), name]));
