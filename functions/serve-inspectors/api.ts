import * as z from 'zod';
import { type Day, dayOf, instant } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { department, drawPeriod, itemNo, objectId, personId, townshipCode } from '../../shared/domain/ids.ts';
import { MOST_ITEMS } from '../../shared/domain/inspection-item.ts';
import { PLANNED_KINDS } from '../../shared/domain/inspection-plan.ts';
import { INSPECTOR_ROLES, MOST_DECLARED } from '../../shared/domain/inspector.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, day, impersonal, line, named, owner, page, pageOf, prose, version } from '../../shared/runtime/schemas.ts';
import { capacityOut, coverageOut, inspectorOut, itemListOut, notVisitedOut, planOut } from './inspectors-out.ts';

const REASON = 500;
const reason = prose(REASON).meta({ description: '理由' });
const seen = version.meta({ description: '所见的版本；已有变化的请刷新' });
const authority = named(department).meta({ description: '部门代码；GOV 为县（市）政府（安委办）' });
const ofInspector = z.strictObject({ id: named(personId) });
const ofAuthority = z.strictObject({ authority });
const ofPlan = z.strictObject({ authority, period: named(drawPeriod) });

/** A day as the domain names it. */
const calendarDay = day.transform((text): Day => dayOf(instant(`${text}T00:00:00+08:00`)));

/** A code of the policy's industries; the county's policy says which there are. */
const industryCode = z.string().regex(/^[a-z0-9-]{1,32}$/, { error: '应为政策所列的行业代码' });
const skill = z.string().regex(/^(?:\*|[a-z0-9-]{1,32})$/, { error: '应为政策所列的行业代码，或 *（全部）' });
const withArea = industryCode.meta({ description: '行业代码，或 area（公共区域）' });

const content = {
  role: z.enum(INSPECTOR_ROLES).meta({ description: 'enforcer 执法人员；expert 专家' }),
  skills: z.array(skill).min(1).max(100).meta({ description: '可检查的行业；* 为全部' }),
  certificate: z.strictObject({
    no: line(60).meta({ description: '执法证或专家聘书的编号' }),
    until: calendarDay.meta({ description: '有效期的最后一天' }),
  }),
  employer: creditCode.optional().meta({ description: '专家所在单位的信用代码；对其应当回避' }),
  perMonth: z.int().min(0).max(10_000).optional().meta({ description: '每月最多检查的对象数；不填则按政策' }),
};

export const registerInspector = defineRoute({
  operation: 'RegisterInspector',
  method: 'POST',
  path: '/v1/inspectors',
  summary: '把一名检查人员列入本部门（安委办）的名录；一人只能列入一份名录',
  body: z.strictObject({
    id: impersonal(named(personId)).meta({ description: '登录系统的工号，不是姓名或电话号码' }),
    authority,
    ...content,
  }),
  output: inspectorOut,
  status: 201,
});

export const listInspectors = defineRoute({
  operation: 'ReadInspector',
  method: 'GET',
  path: '/v1/inspectors',
  summary: '检查人员名录：资质、回避、请假和工作量',
  query: z.strictObject({
    authority: authority.optional(),
    role: z.enum(INSPECTOR_ROLES).optional(),
    skill: industryCode.optional().meta({ description: '只看能检查这一行业的' }),
    retired: z.enum(['true', 'false']).optional().meta({ description: 'true 只看已退出的；false 只看在名录中的' }),
    ...page,
  }),
  output: pageOf(inspectorOut),
});

export const readInspector = defineRoute({
  operation: 'ReadInspector',
  method: 'GET',
  path: '/v1/inspectors/{id}',
  summary: '一名检查人员',
  params: ofInspector,
  output: inspectorOut,
});

export const changeInspector = defineRoute({
  operation: 'ChangeInspector',
  method: 'PUT',
  path: '/v1/inspectors/{id}',
  summary: '修改检查人员的资质、证件、每月数量；调到另一部门的，先退出再由该部门列入',
  params: ofInspector,
  body: z.strictObject({ version: seen, ...content }),
  output: inspectorOut,
});

export const retireInspector = defineRoute({
  operation: 'RetireInspector',
  method: 'POST',
  path: '/v1/inspectors/{id}/retire',
  summary: '退出名录；已派发的任务不变，需要改派的由派员人改派',
  params: ofInspector,
  body: z.strictObject({ version: seen, because: reason }),
  output: inspectorOut,
});

export const declareAbsences = defineRoute({
  operation: 'DeclareAbsence',
  method: 'PUT',
  path: '/v1/inspectors/{id}/absences',
  summary: '写明从今天起的全部请假；已过去的保持不变',
  params: ofInspector,
  body: z.strictObject({
    version: seen,
    absences: z
      .array(z.strictObject({ from: calendarDay, to: calendarDay.meta({ description: '最后一天' }), reason: line(200) }))
      .max(MOST_DECLARED),
  }),
  output: inspectorOut,
});

export const declareInterest = defineRoute({
  operation: 'DeclareInterest',
  method: 'POST',
  path: '/v1/inspectors/{id}/interests',
  summary: '声明与某一对象或某一单位的利害关系，此后的抽查都对其回避',
  params: ofInspector,
  body: z.strictObject({
    version: seen,
    in: z
      .union([owner, named(objectId)])
      .meta({ description: 'ENT:信用代码、TOWN:乡镇代码、DEPT:部门代码，或公共区域 AREA:乡镇代码:编号' }),
    kind: z
      .string()
      .regex(/^[a-z-]{1,32}$/)
      .meta({ description: '政策所列的利害关系，见规则 drawing.interests' }),
    reason,
  }),
  output: inspectorOut,
  status: 201,
});

export const liftInterest = defineRoute({
  operation: 'LiftInterest',
  method: 'POST',
  path: '/v1/inspectors/{id}/interests/{no}/lift',
  summary: '解除回避，由派员人写明理由；本人不能解除自己的',
  params: z.strictObject({ id: named(personId), no: z.coerce.number().int().min(1).max(1000) }),
  body: z.strictObject({ version: seen, reason }),
  output: inspectorOut,
});

export const readItems = defineRoute({
  operation: 'ReadItems',
  method: 'GET',
  path: '/v1/inspection-items/{authority}',
  summary: '一个部门（安委办）的抽查事项清单',
  params: ofAuthority,
  output: itemListOut,
});

export const keepItems = defineRoute({
  operation: 'KeepItems',
  method: 'PUT',
  path: '/v1/inspection-items/{authority}',
  summary: '整份更新抽查事项清单；已公告的抽查仍按公告时的清单',
  params: ofAuthority,
  body: z.strictObject({
    version: seen,
    items: z
      .array(
        z.strictObject({
          no: named(itemNo).meta({ description: '编号' }),
          name: impersonal(line(100)).meta({ description: '抽查事项名称' }),
          subItem: impersonal(line(100)).optional().meta({ description: '抽查子项' }),
          basis: impersonal(prose(500)).meta({ description: '抽查依据' }),
          appliesTo: z.array(skill).min(1).max(100).meta({ description: '抽查对象：行业代码，area 为公共区域，* 为全部' }),
          kinds: z
            .array(z.enum(['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE']))
            .min(1)
            .max(4),
          way: impersonal(line(100)).meta({ description: '抽查方式' }),
          staff: impersonal(line(100)).optional().meta({ description: '检查人员要求' }),
          remark: impersonal(prose(300)).optional().meta({ description: '备注；清单会公开，请勿填写姓名、电话' }),
        }),
      )
      .min(1)
      .max(MOST_ITEMS),
  }),
  output: itemListOut,
});

export const readPlan = defineRoute({
  operation: 'ReadPlans',
  method: 'GET',
  path: '/v1/inspection-plans/{authority}/{period}',
  summary: '一期专项检查、专家检查或综合督查的计划',
  params: ofPlan,
  output: planOut,
});

export const planInspection = defineRoute({
  operation: 'PlanInspection',
  method: 'PUT',
  path: '/v1/inspection-plans/{authority}/{period}',
  summary: '制定或修改一期的计划；公告以后不能再改',
  params: ofPlan,
  body: z.strictObject({
    version: seen.meta({ description: '所见的版本；还没有计划的为 0' }),
    kind: z.enum(PLANNED_KINDS).meta({ description: '部门 SPECIAL 专项检查或 EXPERT 专家检查；安委办 COMPREHENSIVE 综合督查' }),
    theme: impersonal(line(100)).meta({ description: '主题；会公开，请勿填写姓名、电话' }),
    industries: z.array(withArea).max(100).default([]).meta({ description: '只检查这些行业；空为全部' }),
    townships: z.array(named(townshipCode)).max(100).default([]).meta({ description: '只检查这些乡镇；空为全部' }),
  }),
  output: planOut,
});

export const readCapacity = defineRoute({
  operation: 'ReadCapacity',
  method: 'GET',
  path: '/v1/inspection-capacity',
  summary: '一个季度的检查力量够不够：哪些行业缺人，缺多少，怎样补',
  query: z.strictObject({
    quarter: z.string().regex(/^\d{4}-Q[1-4]$/, { error: '应为季度，例：2026-Q3' }),
    authority: authority.optional().meta({ description: '不填则为您可以看到的全部' }),
  }),
  output: capacityOut,
});

const year = z.string().regex(/^\d{4}$/, { error: '应为年份，例：2026' });

export const readCoverage = defineRoute({
  operation: 'ReadInspectionCoverage',
  method: 'GET',
  path: '/v1/inspection-coverage',
  summary: '一年的抽查覆盖：各等级、行业、乡镇应查、已查、逾期、未查和缺口',
  query: z.strictObject({ year, authority: authority.optional().meta({ description: '不填则为您可以看到的全部' }) }),
  output: coverageOut,
});

export const listNotVisited = defineRoute({
  operation: 'ReadInspectionCoverage',
  method: 'GET',
  path: '/v1/inspection-coverage/not-visited',
  summary: '抽中而未按期检查的对象：逾期、未查、到场而未能检查',
  query: z.strictObject({
    year,
    authority: authority.optional(),
    colour: z.enum(COLOURS).optional(),
    township: named(townshipCode).optional(),
    ...page,
  }),
  output: pageOf(notVisitedOut),
});

export const routes = [
  registerInspector,
  listInspectors,
  readInspector,
  changeInspector,
  retireInspector,
  declareAbsences,
  declareInterest,
  liftInterest,
  readItems,
  keepItems,
  readPlan,
  planInspection,
  readCapacity,
  readCoverage,
  listNotVisited,
];
