/** Key units: designating and ending them, and how a level stands against its quota. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import { mayDo } from '../../shared/domain/access.ts';
import { type Day, dayOf } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { TownshipCode } from '../../shared/domain/ids.ts';
import * as domain from '../../shared/domain/key-unit.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import { notSupervised } from '../../shared/domain/supervision-denials.ts';
import { countiesOfPrefecture, townshipsOf } from '../../shared/policy/divisions.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { keyUnitRulesOf } from '../../shared/policy/supervision-rules.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { designateKeyUnit, endDesignation, listKeyUnits, readKeyLevel } from './api.ts';
import { factsOf, refusal, type Supervising } from './supervising.ts';

type Change = Parameters<Supervising['keyUnits']['save']>[0];

/** Each county has its own tables, and no county may read another's. */
const OF_THIS_COUNTY = '各县（市）的系统互不相通：这里只有在本县（市）系统中确定的州级重点，全州的数量请由州安委办合计。';

function levelView(units: domain.KeyUnits, version: number, day: Day, policy: Policy) {
  const states = domain.quotaStates(units, keyUnitRulesOf(policy), day);
  const { areas, units: either } = policy.keyUnits[units.level];
  const stated = ({ kind, ...state }: domain.QuotaState) => ({ ...(kind !== undefined && { kind }), ...state });
  return {
    level: units.level,
    on: day,
    areas: { ...stated(states.areas), why: areas.why },
    units: { ...stated(states.units), why: either.why },
    ...(units.level === 'prefecture' && { says: OF_THIS_COUNTY }),
    version,
  };
}

/** What stands where, as people call it. */
function placeOf(unit: domain.KeyUnit, enterprise: RegisterOwner['enterprise'], townships: ReadonlyMap<TownshipCode, string>) {
  switch (unit.kind) {
    case 'county':
      return { code: unit.county, name: countiesOfPrefecture().get(unit.county) ?? unit.county };
    case 'township':
      return { code: unit.township, name: townships.get(unit.township) ?? unit.township };
    case 'enterprise':
      return { code: unit.uscc, name: enterprise?.name ?? unit.uscc, ...(enterprise && { township: enterprise.township }) };
    case 'section':
      return { name: unit.name, township: unit.township, owner: unit.owner };
  }
}

const stateOf = (designation: domain.Designation, today: Day): 'ahead' | 'running' | 'over' => {
  if (domain.holdsOn(designation, today)) return 'running';
  return designation.ended === undefined && today < designation.from ? 'ahead' : 'over';
};

export function serveKeyUnits(deps: Supervising) {
  const { county, keyUnits, register } = deps;

  const enterpriseOf = async (unit: domain.KeyUnit): Promise<RegisterOwner['enterprise']> =>
    unit.kind === 'enterprise' ? (await register.owner(enterpriseOwner(unit.uscc)))?.enterprise : undefined;

  /** Counties and townships are everybody's to know; an enterprise or a section is shown to those who may see whose it is. */
  const isSeen = (caller: Caller, unit: domain.KeyUnit, enterprise: RegisterOwner['enterprise']): boolean => {
    if (unit.kind === 'county' || unit.kind === 'township') return true;
    const whose =
      unit.kind === 'section'
        ? { owner: unit.owner, township: unit.township }
        : {
            owner: enterpriseOwner(unit.uscc),
            ...(enterprise && { township: enterprise.township, supervisor: enterprise.supervisor }),
          };
    return mayDo(caller, 'ReadKeyUnits', { county, ...whose });
  };

  const carryOut = async <More extends object>(
    request: Parameters<typeof occasionOf>[0],
    { units, version }: Awaited<ReturnType<Supervising['keyUnits']['load']>>,
    facts: Change['facts'],
    more: More,
  ) => {
    const { at, caller } = request;
    const after = facts.reduce((state, fact) => domain.evolveKeyUnits(state, fact, at, caller.id), units);
    const answer = { ...more, ...levelView(after, version + facts.length, dayOf(at), policyFor(county, at)) };
    await keyUnits.save({
      units: after,
      facts,
      ifVersion: version,
      occasion: occasionOf(request),
      command: commandRecord(request, answer),
    });
    return answer;
  };

  return {
    async designate(request: Request<typeof designateKeyUnit>) {
      const { at, caller, body } = request;
      const { level, unit, reason, document } = body;
      const policy = policyFor(county, at);
      const stored = await keyUnits.load(level);
      refuseStale(stored.version, body.version);
      if (unit.kind === 'enterprise' && (await enterpriseOf(unit)) === undefined) {
        throw refusal(notSupervised('unknown-unit', { field: 'enterprise' }), policy);
      }
      const wanted = { unit, from: body.from as Day, until: body.until as Day, reason, document };
      const facts = factsOf(domain.designate(stored.units, wanted, keyUnitRulesOf(policy), { at, role: caller.role }), policy);
      return carryOut(request, stored, facts, { number: stored.units.last + 1 });
    },

    async end(request: Request<typeof endDesignation>) {
      const { at, caller, params, body } = request;
      const stored = await keyUnits.load(params.level);
      refuseStale(stored.version, body.version);
      const asked = { at, role: caller.role };
      const ruling = domain.endDesignation(stored.units, Number(params.number), body.because, asked);
      return carryOut(request, stored, factsOf(ruling, policyFor(county, at)), {});
    },

    async level({ at, params, query }: Request<typeof readKeyLevel>) {
      const { units, version } = await keyUnits.load(params.level);
      return levelView(units, version, (query.on ?? dayOf(at)) as Day, policyFor(county, at));
    },

    /** A level holds so few that all of it is looked at. */
    async list({ at, caller, query: { level, state, limit, cursor } }: Request<typeof listKeyUnits>) {
      const townships = townshipsOf(county);
      const today = dayOf(at);
      const items: { key: string; item: ReturnType<typeof viewOf> }[] = [];
      const viewOf = (of: domain.KeyLevel, designation: domain.Designation, enterprise: RegisterOwner['enterprise']) => {
        const { no, unit, from, until, reason, document, by, at: since, ended } = designation;
        return {
          ...{ level: of, number: no, kind: unit.kind, ...placeOf(unit, enterprise, townships), from, until },
          ...{ state: stateOf(designation, today), reason, document, by, at: since, ...(ended && { ended }) },
        };
      };
      for (const of of domain.KEY_LEVELS.filter((each) => level === undefined || each === level)) {
        const { units } = await keyUnits.load(of);
        for (const designation of units.designations) {
          const key = `${of}.${String(designation.no).padStart(6, '0')}`;
          if (cursor !== undefined && key <= cursor) continue;
          if (state !== undefined && stateOf(designation, today) !== state) continue;
          const enterprise = await enterpriseOf(designation.unit);
          if (isSeen(caller, designation.unit, enterprise)) items.push({ key, item: viewOf(of, designation, enterprise) });
        }
      }
      const shown = items.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
      const last = items.length > limit ? shown.at(-1)?.key : undefined;
      return { items: shown.map(({ item }) => item), ...(last !== undefined && { cursor: last }) };
    },
  };
}
