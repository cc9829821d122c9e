import type * as z from 'zod';
import * as api from '../../functions/serve-register/api.ts';
import { served } from '../../functions/serve-register/served.ts';
import type { Caller, Role } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import type { CreditCode } from '../../shared/domain/credit-code.ts';
import { type CountyCode, countyCode, personId } from '../../shared/domain/ids.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { apiCall, askAs } from './api-call.ts';
import { fakeRegister } from './fake-register.ts';
import { usccOf } from './lists.ts';
import { testIssuer } from './tokens.ts';

const county: CountyCode = countyCode('533102');

export type Person = Omit<Caller, 'county'>;

export const person = (role: Role, owner?: Owner): Person => ({
  id: personId(`${role}-${(owner ?? 'county').replace(/\W/g, '')}`),
  role,
  ...(owner !== undefined && { owner }),
});
/** The people of the n-th enterprise. */
export const staff = (n = 1) => {
  const owner = enterpriseOwner(usccOf(n));
  return { head: person('head', owner), manager: person('safety-manager', owner), holder: person('post-holder', owner) };
};
export const department = person('department-officer', 'DEPT:YJJ');
export const otherDepartment = person('department-officer', 'DEPT:JTJ');
export const committee = person('committee-officer');

/** Scores by which LEC gives each colour. */
const SCORES: Readonly<Record<Colour, Readonly<Record<'L' | 'E' | 'C', string>>>> = {
  RED: { L: '6', E: '6', C: '15' },
  ORANGE: { L: '3', E: '6', C: '15' },
  YELLOW: { L: '1', E: '6', C: '15' },
  BLUE: { L: '1', E: '1', C: '15' },
};
/** An assessment whose residual grade is this colour. */
export const assessed = (colour: Colour) => ({
  inherent: { method: 'LEC' as const, factors: SCORES.RED },
  residual: { method: 'LEC' as const, factors: SCORES[colour] },
});

export const riskContent = (more: object = {}) => ({
  name: '汽油储罐区',
  location: '厂区东侧',
  dimensions: ['equipment' as const],
  participants: [{ as: 'expert' as const, names: ['李四'] }],
  mainRisk: '泄漏遇明火',
  accidents: [{ edition: 'GB 6441-1986', code: '08' }],
  possibleHazards: '呼吸阀堵塞',
  consequences: '人员伤亡',
  controls: [
    { kind: 'isolation' as const, text: '防火堤完好' },
    { kind: 'monitoring' as const, level: 'team' as const, text: '报警器在线', person: '王五' },
  ],
  emergency: '切断进料',
  reporting: '报告值班室',
  responsible: '车间主任 王五',
  ...more,
});

export const enterpriseBody = (n = 1, more: object = {}) => ({
  uscc: usccOf(n),
  name: `瑞丽市示例第${n}加油站`,
  township: '533102102',
  industry: 'hazardous-chemicals',
  contacts: [{ post: '主要负责人', name: '赵六', phone: '0692-4141234' }],
  workshops: [{ name: '储运车间', teams: ['甲班'] }],
  ...more,
});

/** The API of the register over tables in memory, asked as people ask it. */
export async function registerApi() {
  const { rules, tokenOf } = await testIssuer();
  const fake = fakeRegister(county);
  const deps = { county, register: fake.register, duties: fake.duties, ledger: fake.ledger };
  const environment = {
    COUNTY: county,
    ISSUER: 'https://issuer.test',
    AUDIENCE: 'dual-prevention',
    JWKS_URI: 'https://issuer.test/jwks',
    SIMULATION: 'true' as const,
  };
  const handler = apiHandler({
    service: 'serve-register',
    environment,
    answerOf: fake.answerOf,
    tokens: rules,
    routes: served(deps),
  });
  const call = apiCall(handler);
  const ask = askAs(call, tokenOf);
  /** The same, where it has to succeed. */
  const done = async <R extends Route>(
    route: R,
    as: Person,
    at: string,
    sent: Parameters<typeof ask>[3] = {},
  ): Promise<z.output<R['output']>> => {
    const { status, body } = await ask(route, as, at, sent);
    if (status >= 300) throw new Error(`${route.method} ${route.path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };

  const uscc = (n: number): CreditCode => usccOf(n);
  return {
    ...fake,
    ask,
    done,
    /** An enterprise with graded risks that nobody has signed yet: `{ 'R-1': 'RED' }`. */
    async enterprise(at: string, risks: Readonly<Record<string, Colour>>, { n = 1, workshop = '储运车间' } = {}) {
      await done(api.registerEnterprise, department, at, { body: enterpriseBody(n) });
      for (const [no, colour] of Object.entries(risks)) {
        await done(api.addRisk, staff(n).manager, at, {
          params: { uscc: uscc(n) },
          body: { no, content: riskContent({ workshop }), assessments: assessed(colour) },
        });
      }
    },
    async sign(at: string, n = 1) {
      const params = { uscc: uscc(n) };
      const { version, list, digest } = await done(api.readRiskList, staff(n).head, at, { params });
      return done(api.signRiskList, staff(n).head, at, { params, body: { version, list, digest } });
    },
    async risk(no: string, at: string, n = 1) {
      return done(api.readRisk, staff(n).manager, at, { params: { uscc: uscc(n), no } });
    },
    async read(at: string, n = 1) {
      return done(api.readEnterprise, staff(n).head, at, { params: { uscc: uscc(n) } });
    },
    /** A command on a risk at the version that it stands at. */
    async change(route: Route, as: Person, no: string, at: string, body: object, n = 1) {
      const { version } = await done(api.readRisk, staff(n).manager, at, { params: { uscc: uscc(n), no } });
      return ask(route, as, at, { params: { uscc: uscc(n), no }, body: { version, ...body } });
    },
  };
}

export type RegisterApi = Awaited<ReturnType<typeof registerApi>>;
