/** What becomes of what an inspection found: the enterprise cures it and its department accepts; a public area is cured by its owner's people. */
import { type Instant, plusDays } from '../../../shared/domain/calendar.ts';
import { departmentOwner, townshipOwner } from '../../../shared/domain/owner.ts';
import { minutesAfter, type Place } from './act.ts';
import { does, type Step } from './cases.ts';
import type { SampleArea, SampleCounty, SampleEnterprise } from './county.ts';
import { somebody, staffOf } from './staff.ts';

const HOUR = 60;

function byStaff(sample: SampleCounty, enterprise: SampleEnterprise, from: Instant): Step[] {
  const staff = staffOf(sample, enterprise);
  const hours = (count: number): Instant => minutesAfter(from, count * HOUR);
  return [
    does('GradeHazard', hours(3), staff.officer, { level: 'general' }),
    does('AssignRectification', hours(4), staff.head, { rectifier: staff.manager.id }),
    does('SubmitRectification', plusDays(from, 3), staff.manager, async ({ photo }) => ({
      account: '按检查意见整改到位',
      evidence: [await photo('整改后')],
    })),
    does('AcceptRectification', minutesAfter(plusDays(from, 4), HOUR), staff.officer, { note: '复查合格' }),
  ];
}

/** The department knows, since it found it. Its use is stopped at once; the plan is on its way when the month ends. */
function major(sample: SampleCounty, enterprise: SampleEnterprise, from: Instant): Step[] {
  const { officer, manager, head } = staffOf(sample, enterprise);
  const hours = (count: number): Instant => minutesAfter(from, count * HOUR);
  const basis = '检查发现，须局部停用并经一定时间整改方能消除';
  return [
    does('GradeHazard', hours(3), officer, { level: 'major', criterion: 'hard-to-cure', basis }),
    does('IssueOrder', hours(4), officer, {
      kind: 'stop-use',
      scope: '检查指出的设施',
      document: '瑞应急停〔2026〕6号',
    }),
    does('FilePlan', plusDays(from, 4), manager, async ({ paper }) => ({
      plan: {
        responsible: head.id,
        measures: '更换失效部件，由第三方检测',
        fundsFen: 3_200_000,
        timeLimit: '2026-07-31',
        parts: {
          aims: '消除隐患',
          methods: '更换、检测',
          means: '企业自筹',
          people: '主要负责人牵头',
          schedule: '七月内完成',
          safety: '停用期间专人值守',
        },
        emergencyPlan: await paper('应急预案'),
      },
    })),
    does('ApprovePlan', plusDays(from, 6), officer, {}),
  ];
}

function byOwner(sample: SampleCounty, { owner, township }: SampleArea, from: Instant): Step[] {
  const whose = owner === undefined ? townshipOwner(township) : departmentOwner(owner);
  const kind = owner === undefined ? 'township' : 'department';
  const [officer, head] = [somebody(sample, `${kind}-officer`, whose), somebody(sample, `${kind}-head`, whose)];
  return [
    does('GradeHazard', minutesAfter(from, 3 * HOUR), officer, { level: 'general' }),
    does('AssignRectification', minutesAfter(from, 4 * HOUR), head, { rectifier: officer.id }),
    does('SubmitRectification', plusDays(from, 4), officer, async ({ photo }) => ({
      account: '护栏已修复，增设警示标志',
      evidence: [await photo('整改后')],
    })),
    does('AcceptRectification', plusDays(from, 5), head, { note: '现场复查合格' }),
  ];
}

/** The steps after a hazard was found at `from`. */
export function curesOf(sample: SampleCounty, place: Place, isMajor: boolean, from: Instant): Step[] {
  if (!('uscc' in place)) return byOwner(sample, place, from);
  return isMajor ? major(sample, place, from) : byStaff(sample, place, from);
}
