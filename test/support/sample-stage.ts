import { createHash } from 'node:crypto';
import { routes as checkRoutes } from '../../functions/serve-checks/api.ts';
import { commandRoutes, readHazard, reportHazard } from '../../functions/serve-hazards/api.ts';
import { type BodyOf, commandOf } from '../../functions/serve-hazards/commands.ts';
import { submitRound } from '../../functions/submit-round/api.ts';
import type { Act, Scene } from '../../infra/local/sample/act.ts';
import { type ApiClient, type Asked, Refused } from '../../infra/local/sample/api-client.ts';
import type { SampleCounty } from '../../infra/local/sample/county.ts';
import { grantOf, mayDo } from '../../shared/domain/access.ts';
import { type Hazard, type HazardFact, hazardIdWith, hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard as begin, decideHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import type { PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { evidenceKey } from '../../shared/domain/ids.ts';
import { type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import { departmentOwner, enterpriseOwner } from '../../shared/domain/owner.ts';
import { policyFor } from '../../shared/policy/load.ts';
import type { Route } from '../../shared/runtime/route.ts';

/** The county as far as the stories of cases reach: access, the domain's rules and the ledger, without tables, network or workflow. */
export function sampleStage(sample: SampleCounty) {
  const cases = new Map<string, { hazard: Hazard; version: number }>();
  const ledger: LedgerEvent[] = [];
  const faults: string[] = [];
  const later: Act[] = [];
  const commandOfRoute = new Map<Route, PersonCommandType>(
    (Object.keys(commandRoutes) as PersonCommandType[]).map((type) => [commandRoutes[type] as unknown as Route, type]),
  );

  const record = (id: string, facts: readonly HazardFact[], asked: Asked<Route>, before?: Hazard) => {
    const { as, at } = asked;
    const actor = { id: as.id, role: as.role, ...(as.owner && { owner: as.owner }) };
    const hazard = facts.reduce<Hazard | undefined>((state, fact) => evolveHazard(state, { ...fact, at, actor }), before);
    if (hazard === undefined) throw new Error('a case without a fact');
    const version = cases.get(id)?.version ?? 0;
    const occasion = { at, county: sample.county, actor };
    ledger.push(...recordFacts(facts, hazardSubject(hazard.id), version, hazard.colour, occasion));
    cases.set(id, { hazard, version: version + facts.length });
    return { id: hazard.id, version: version + facts.length };
  };

  const open = (asked: Asked<Route>, found: { uscc: string; risk: string; major: boolean; description: string }) => {
    const enterprise = sample.enterprises.find(({ uscc }) => uscc === found.uscc);
    const risk = sample.risks.find(({ uscc, no }) => uscc === found.uscc && no === found.risk);
    if (enterprise === undefined || risk === undefined) throw new Error('an unknown place');
    const { uscc, township, supervisor } = enterprise;
    const id = hazardIdWith(risk.residualGrade, String(cases.size + 1).padStart(12, '0'));
    const report = {
      ...{ id, county: sample.county, colour: risk.residualGrade, owner: enterpriseOwner(uscc), township },
      supervisor: departmentOwner(supervisor),
      finding: {
        ...{ at: asked.at, source: 'self-check' as const, place: risk.place, description: found.description, evidence: [] },
        ...(found.major && { suspectedMajor: true as const }),
      },
    };
    return record(id, [begin(report, policyFor(sample.county, asked.at).hazards, asked.at)], asked);
  };

  const answer = (route: Route, asked: Asked<Route>): unknown => {
    const caller = { ...asked.as, county: sample.county };
    const refuse = (status: number, code: string) => new Refused(route.operation, status, code, '');
    if (grantOf(caller, route.operation) === undefined) throw refuse(403, 'forbidden');
    const body = route.body === undefined ? undefined : route.body.parse(asked.body);
    if (route === (submitRound as unknown as Route)) {
      const { items } = submitRound.body?.parse(asked.body) ?? { items: [] };
      return {
        items: items.map((item) => ({
          hazards:
            item.result === 'hazard'
              ? item.hazards.map(
                  ({ description, level }) =>
                    open(asked, { uscc: String(caller.owner).slice(4), risk: item.riskNo, major: level === 'major', description })
                      .id,
                )
              : [],
        })),
      };
    }
    if (route === (reportHazard as unknown as Route)) {
      const { enterprise = '', risk = '', description, suspectedMajor } = reportHazard.body?.parse(asked.body) ?? {};
      return open(asked, { uscc: enterprise, risk, major: suspectedMajor === true, description: description ?? '' });
    }
    const { id } = asked.params as unknown as { id: string };
    const known = cases.get(id);
    if (known === undefined) throw refuse(404, 'not-found');
    const { hazard, version } = known;
    const subject = { county: hazard.county, owner: hazard.owner, ...(hazard.township && { township: hazard.township }) };
    const whose = { ...subject, ...(hazard.supervisor && { supervisor: hazard.supervisor }) };
    if (!mayDo(caller, route.operation, whose)) throw refuse(403, 'forbidden');
    if (route === (readHazard as unknown as Route)) return { version };
    const type = commandOfRoute.get(route);
    if (type === undefined) throw new Error(`the stage has no ${route.path}`);
    const occasion = { at: asked.at, actor: { id: caller.id, role: caller.role, ...(caller.owner && { owner: caller.owner }) } };
    const command = commandOf(type, body as BodyOf<typeof type>);
    const decision = decideHazard(hazard, command, policyFor(sample.county, asked.at).hazards, occasion);
    if (decision.kind === 'denied') throw refuse(409, decision.reason);
    return record(id, decision.events, asked, hazard);
  };

  const api = Object.assign(async (route: Route, asked: Asked<Route>) => answer(route, asked), { requests: () => 0 });
  const scene: Scene = {
    api: api as unknown as ApiClient,
    sample,
    upload: async (as, _at, enterprise, { content }) => {
      const operation = checkRoutes.find(({ path, method }) => path === '/v1/evidence' && method === 'POST')?.operation;
      if (operation === undefined || grantOf({ ...as, county: sample.county }, operation) === undefined)
        throw new Error('may not upload');
      return evidenceKey(`evidence/${enterprise}/${createHash('sha256').update(content).digest('hex')}.png`);
    },
    published: (path) => Promise.reject(new Error(`nothing is published at ${path}`)),
    receiving: {
      stand: (_, name) => {
        throw new Error(`nothing is sent to ${name}`);
      },
      nextSecretOf: (name) => name,
      takesNext: () => undefined,
      fetched: () => undefined,
      stop: async () => undefined,
    },
    later: (acts) => later.push(...acts),
    fault: (says) => faults.push(says),
  };
  return { later, scene, cases, ledger, faults };
}
