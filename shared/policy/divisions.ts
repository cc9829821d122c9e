import { type CountyCode, countyCode, type TownshipCode, townshipCode } from '../domain/ids.ts';
import divisions from './sources/dehong_divisions.json' with { type: 'json' };

/** The counties of the prefecture by their code. */
export const countiesOfPrefecture = (): ReadonlyMap<CountyCode, string> =>
  new Map(divisions.counties.map(({ code, name }) => [countyCode(code), name]));

/** The townships, subdistricts and farms of a county by their code (GB/T 2260 and three digits more); none for a county that is not in the list. */
export const townshipsOf = (county: CountyCode): ReadonlyMap<TownshipCode, string> =>
  new Map(divisions.counties.find(({ code }) => code === county)?.townships.map(({ code, name }) => [townshipCode(code), name]));
