/** An enterprise of the integration tests with its people, by the public API. Each has a credit code of its own, so a test may run again. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { addRisk, readRiskList, registerEnterprise, signRiskList } from '../../functions/serve-register/api.ts';
import { type ApiClient, apiClient } from '../../infra/local/sample/api-client.ts';
import type { SamplePerson } from '../../infra/local/sample/county.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { type CreditCode, checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { personId, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import { departmentOwner, enterpriseOwner, type Owner, townshipOwner } from '../../shared/domain/owner.ts';
import { type LocalCloud, localCloud } from './local-cloud.ts';

const LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A credit code that nobody had before. */
export function freshCreditCode(): CreditCode {
  const own = Array.from(randomBytes(7), (byte) => LETTERS[byte % LETTERS.length]).join('');
  const first17 = `91533102MA${own}`;
  return creditCode(`${first17}${checkCharacter(first17)}`);
}

/** Names a command once for ever. */
export const freshKey = (): string => `test-${randomBytes(9).toString('hex')}`;

export const SURNAME = '欧阳测试';
export const PHONE = '13987654321';

export const TOWNSHIP = townshipCode('533102001');
export const DEPARTMENT = departmentOwner('YJJ');

export const somebody = (role: Role, id: string, owner?: Owner): SamplePerson => ({
  id: personId(id),
  name: SURNAME,
  role,
  ...(owner && { owner }),
});

/** The authorities over every enterprise of these tests. */
export const authorities = {
  officer: somebody('department-officer', 'test-officer', DEPARTMENT),
  chief: somebody('department-head', 'test-chief', DEPARTMENT),
  township: somebody('township-officer', 'test-township', townshipOwner(TOWNSHIP)),
  committee: somebody('committee-officer', 'test-committee'),
  government: somebody('government-head', 'test-government'),
};

export interface County {
  readonly cloud: LocalCloud;
  readonly api: ApiClient;
}

export async function theCounty(): Promise<County> {
  const cloud = await localCloud();
  return { cloud, api: apiClient({ ...cloud, token: cloud.tokenOf }) };
}

export interface Works {
  readonly uscc: CreditCode;
  readonly owner: Owner;
  readonly head: SamplePerson;
  readonly manager: SamplePerson;
  readonly leader: SamplePerson;
  readonly post: SamplePerson;
}

/** An enterprise that is not registered yet. */
export function unregistered(): Works {
  const uscc = freshCreditCode();
  const owner = enterpriseOwner(uscc);
  const of = (role: Role) => somebody(role, `${role}-${uscc}`, owner);
  return { uscc, owner, head: of('head'), manager: of('safety-manager'), leader: of('team-leader'), post: of('post-holder') };
}

export const riskContent = (name: string) => ({
  ...{
    name,
    location: '一号车间',
    dimensions: ['process' as const],
    participants: [{ as: 'post-holder' as const, names: [SURNAME] }],
  },
  ...{
    mainRisk: '泄漏',
    accidents: [{ edition: 'GB 6441-1986', code: '08' }],
    possibleHazards: '密封老化',
    consequences: '火灾',
  },
  ...{ controls: [{ kind: 'technical' as const, text: '可燃气体报警器完好' }], emergency: '停车、疏散', reporting: '报班组长' },
  responsible: SURNAME,
});

export const gradedAs = (colour: Colour) => {
  const experts = { method: 'EXPERTS' as const, colour, experts: [SURNAME], reason: '专家论证' };
  return { inherent: experts, residual: experts };
};

export async function register(api: ApiClient, works: Works, at: Instant): Promise<void> {
  const body = {
    ...{ uscc: works.uscc, name: '集成测试厂', township: TOWNSHIP, industry: 'hazardous-chemicals', supervisor: DEPARTMENT },
    ...{ contacts: [{ post: '主要负责人', name: SURNAME, phone: PHONE }], workshops: [] },
  };
  await api(registerEnterprise, { as: authorities.officer, at, key: freshKey(), body });
}

/** The head signs the list as it stands. */
export async function sign(api: ApiClient, { uscc, head }: Works, at: Instant): Promise<void> {
  const { list, digest, version } = await api(readRiskList, { as: head, at, params: { uscc } });
  await api(signRiskList, { as: head, at, key: freshKey(), params: { uscc }, body: { list, digest, version } });
}

/** An enterprise with a signed list: `R1`, `R2` … of these colours. */
export async function registeredWorks(api: ApiClient, at: Instant, ...colours: readonly Colour[]): Promise<Works> {
  const works = unregistered();
  await register(api, works, at);
  for (const [index, colour] of colours.entries()) {
    const body = { no: riskNo(`R${index + 1}`), content: riskContent(`储罐${index + 1}`), assessments: gradedAs(colour) };
    await api(addRisk, { as: works.manager, at, key: freshKey(), params: { uscc: works.uscc }, body });
  }
  await sign(api, works, plusMs(at, 60_000));
  return works;
}

/** An instant of the county's zone: `2026-03-02 08:00`. */
export const at = (text: string): Instant => instant(`${text.replace(' ', 'T')}:00+08:00`);

/** Asks until the answer is there; what happens behind the API takes a moment. */
export async function eventually<Answer>(what: string, ask: () => Promise<Answer | undefined>, seconds = 30): Promise<Answer> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`it did not come about in ${seconds} s: ${what}`);
    await pause(200);
  }
}
