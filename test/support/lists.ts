import { instant } from '../../shared/domain/calendar.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { riskNo, townshipCode } from '../../shared/domain/ids.ts';
import type { EnterpriseCells, RiskCells } from '../../shared/domain/import-sheets.ts';
import { listRulesOf } from '../../shared/policy/import-words.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { county } from './tokens.ts';

export const policy = policyFor(county, instant('2026-03-01T00:00:00Z'));
export const listRules = listRulesOf(policy);
export const fileLimits = policy.imports;

/** The credit code of the n-th enterprise of a test. */
export const usccOf = (n: number) => {
  const first = `91533102MA6K${String(n).padStart(5, '0')}`;
  return creditCode(`${first}${checkCharacter(first)}`);
};

export const enterpriseCells = (n = 1): EnterpriseCells => ({
  uscc: usccOf(n),
  name: `瑞丽市示例第${n}加油站`,
  township: townshipCode('533102102'),
  industry: 'hazardous-chemicals',
  supervisor: undefined,
  address: '畹町镇国防街 1 号',
  head: '赵六',
  headPhone: '0692-4141234',
  manager: '钱七',
  managerPhone: undefined,
});

/** A risk point that LEC grades orange before its controls and yellow after. */
export const riskCells = (n = 1, no = 'R-001'): RiskCells => ({
  uscc: usccOf(n),
  no: riskNo(no),
  name: '汽油储罐区',
  workshop: '储运车间',
  team: undefined,
  post: undefined,
  place: '厂区东侧',
  longitude: '97.855123',
  latitude: '24.012345',
  identifiedOn: '2026-03-01',
  dimensions: ['equipment', 'environment'],
  participants: [
    { as: 'post-holder', names: ['张三'] },
    { as: 'expert', names: ['李四', '王五'] },
  ],
  mainRisk: '储罐泄漏遇明火\n发生火灾',
  accidents: ['08', '18'],
  possibleHazards: '呼吸阀堵塞',
  consequences: '人员伤亡',
  majorInstallation: undefined,
  installationNo: undefined,
  method: 'LEC',
  inherentL: '3',
  inherentE: '6',
  inherentC: '15',
  inherentM: undefined,
  inherentS: undefined,
  inherentGrade: undefined,
  residualL: '1',
  residualE: '6',
  residualC: '15',
  residualM: undefined,
  residualS: undefined,
  residualGrade: 'YELLOW',
  experts: undefined,
  gradeReason: undefined,
  isolation: [{ level: 'enterprise', text: '设置防火堤' }],
  technical: [{ level: 'workshop', text: '每班检查静电接地' }, { text: '1.5米护栏' }],
  protection: undefined,
  monitoring: undefined,
  emergency: '切断进料，启动泡沫灭火',
  reporting: '报告值班室',
  responsible: '储运车间主任 王五',
});
