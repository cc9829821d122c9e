/** An enterprise in the register with risk points as an office enters them, signed, and with its page of duties. */
import { type Instant, periodAt } from '../../shared/domain/calendar.ts';
import { type RiskNo, townshipCode } from '../../shared/domain/ids.ts';
import { departmentOwner, type Owner } from '../../shared/domain/owner.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskContent, RiskPoint } from '../../shared/domain/register-risk.ts';
import { county } from '../support/tokens.ts';
import { ordinary, pagesOf } from './county.ts';
import { ROUND_POINTS } from './prices.ts';

/** Fewer than a transaction holds. */
const AT_ONCE = 50;

const control = (kind: RiskContent['controls'][number]['kind'], text: string) =>
  ({ kind, level: 'workshop', text, unit: '一车间', person: '李四' }) as const;

const content = (no: RiskNo): RiskContent => ({
  name: `${no}号反应釜`,
  location: '合成车间二层',
  workshop: '合成车间',
  team: '甲班',
  post: '主操',
  dimensions: ['equipment', 'process'],
  participants: [
    { as: 'post-holder', names: ['李四', '王五'] },
    { as: 'safety-manager', names: ['赵六'] },
  ],
  mainRisk: '超温超压导致釜体破裂，物料泄漏并引发火灾爆炸',
  accidents: [{ edition: 'GB 6441-1986', code: '15' }],
  possibleHazards: '温度、压力仪表失灵；安全阀未按期校验；搅拌故障',
  consequences: '人员伤亡、设备损坏、停产',
  controls: [
    control('isolation', '设置防爆墙，无关人员不得进入'),
    control('technical', '温度、压力高限联锁，每班试验一次'),
    control('protection', '作业人员佩戴防静电服、护目镜'),
    control('monitoring', '可燃气体报警器全天监测，值班室有人'),
  ],
  emergency: '切断进料，开启冷却，按预案疏散并报告',
  reporting: '立即报告班组长、车间主任和安全管理部门',
  responsible: '李四',
});

const expert = { colour: 'RED', explanation: '专家评定', method: 'EXPERTS', experts: ['甲', '乙'], reason: '危险工艺' } as const;

const risk = (owner: Owner, no: RiskNo): RiskPoint => ({
  ...{ owner, no, addedIn: 1, changedIn: 1, version: 1 },
  grades: { inherent: expert, residual: expert },
  content: content(no),
});

export const enterprise = (owner: Owner): RegisterOwner => ({
  ...newOwner(owner),
  enterprise: {
    name: '合成样例化工有限公司',
    township: townshipCode('533102001'),
    industry: 'chemicals',
    supervisor: departmentOwner('YJJ'),
    contacts: [{ post: '主要负责人', name: '赵一', phone: '13800000000' }],
    workshops: [{ name: '合成车间', teams: ['甲班', '乙班'] }],
  },
  list: { version: 1, signedVersion: 1 },
  overall: { colour: 'RED', rule: 'RED' },
  version: 1,
});

/** Registers an enterprise of as many red points as wanted and at least an ordinary round's, all of them due at `when`. */
export async function registered(owner: Owner, points: number, when: Instant): Promise<readonly RiskNo[]> {
  const { dynamoDutyStore } = await import('../../shared/data/duty-store.ts');
  const { commit } = await import('../../shared/data/commit.ts');
  const { ownerWrites } = await import('../../shared/data/owner-store.ts');
  const { riskWrites } = await import('../../shared/data/risk-store.ts');
  const day = periodAt('day', when);
  const most = Math.max(ROUND_POINTS, points);
  const [page] = pagesOf({ colour: 'RED', points: most, life: ordinary(day), sealedThrough: day - 2 });
  if (page === undefined) throw new Error('no page');
  const due = Object.entries(page.points).map(([no, point]) => [no, { ...point, cleared: [[day - 5, day - 1]] }] as const);
  const nos = due.map(([no]) => no as RiskNo);
  await dynamoDutyStore(county).save({
    pages: [{ page: { ...page, owner, points: Object.fromEntries(due) as typeof page.points }, ifVersion: 0 }],
    exceptions: [],
    events: [],
  });
  await commit({ writes: ownerWrites(county, undefined, enterprise(owner)), events: [] });
  for (let first = 0; first < nos.length; first += AT_ONCE) {
    const some = nos.slice(first, first + AT_ONCE);
    const writes = some.flatMap((no) => riskWrites(county, { before: undefined, after: risk(owner, no), facts: [] }));
    await commit({ writes, events: [] });
  }
  return nos.slice(0, points);
}
