import * as z from 'zod';
import { STAGES } from '../../shared/domain/hazard.ts';
import type { PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { evidenceKey, hazardId, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import { eventOut } from '../../shared/runtime/event-schema.ts';
import { defineRoute, type Route } from '../../shared/runtime/route.ts';
import { areaOwner, creditCode, instantText, line, named, page, pageOf, prose } from '../../shared/runtime/schemas.ts';
import { caseLine, caseOut, caseStands } from './case-out.ts';
import { COMMANDS } from './commands.ts';

const LONGEST = { place: 200, description: 2_000, evidence: 50 };

const params = z.strictObject({ id: named(hazardId) });
const area = z.strictObject({ township: named(townshipCode), no: named(riskNo) });

export const reportHazard = defineRoute({
  operation: 'ReportHazard',
  method: 'POST',
  path: '/v1/hazards',
  summary: '上报隐患：企业人员上报本企业的；部门、乡镇发现的写明是哪家企业，或哪处公共区域',
  body: z.strictObject({
    enterprise: creditCode.optional().meta({ description: '企业的统一社会信用代码；企业人员不写即为本企业' }),
    area: area.optional().meta({ description: '公共区域的风险；与企业只写一个' }),
    foundAt: instantText.meta({ description: '发现时间（与服务器收到时间一并留存）' }),
    place: line(LONGEST.place),
    description: prose(LONGEST.description).meta({ description: '隐患情况；要保存多年，请勿填写姓名，个人称职务' }),
    evidence: z.array(named(evidenceKey)).max(LONGEST.evidence).default([]),
    risk: named(riskNo).optional().meta({ description: '所属风险点的编号；公共区域的不写' }),
    suspectedMajor: z.boolean().default(false).meta({ description: '疑似重大隐患：不能即查即改，按重大的时限判定' }),
  }),
  output: caseStands,
  status: 201,
});

export const listHazards = defineRoute({
  operation: 'ReadHazard',
  method: 'GET',
  path: '/v1/hazards',
  summary:
    '隐患清单：写明企业（或公共区域责任单位）的为其全部隐患；不写的为您可见的未办结隐患，最急的在前。一页可能不满，以有无 cursor 判断是否还有',
  query: z.strictObject({
    enterprise: creditCode.optional().meta({ description: '企业的统一社会信用代码；企业人员不写即为本企业' }),
    areasOf: areaOwner.optional().meta({ description: '公共区域的责任单位：TOWN:乡镇代码 或 DEPT:部门代码；与企业只写一个' }),
    stage: z.enum(STAGES).optional().meta({ description: `阶段；不写企业而查 closed、withdrawn 的，为已办结的隐患` }),
    level: z.enum(['general', 'major']).optional(),
    overdue: z.enum(['true', 'false']).optional().meta({ description: 'true 只看有逾期的；false 只看没有逾期的' }),
    ...page,
  }),
  output: pageOf(caseLine),
});

export const readHazard = defineRoute({
  operation: 'ReadHazard',
  method: 'GET',
  path: '/v1/hazards/{id}',
  summary: '一项隐患的全部情况：每项期限及其依据、误过的期限、方案、指令、延期、挂牌、各次整改、您现在可以进行的操作',
  params,
  output: caseOut,
});

export const readHazardEvents = defineRoute({
  operation: 'ReadHazard',
  method: 'GET',
  path: '/v1/hazards/{id}/events',
  summary: '一项隐患的台账：全部事件，按序号，无缺号',
  params,
  query: z.strictObject(page),
  output: pageOf(eventOut),
});

const kebab = (operation: PersonCommandType): string => operation.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** The route of a command: `POST /v1/hazards/{id}/accept-rectification`. */
const routeOf = <Type extends PersonCommandType>(operation: Type) =>
  defineRoute({
    operation,
    method: 'POST',
    path: `/v1/hazards/{id}/${kebab(operation)}`,
    summary: COMMANDS[operation].summary,
    params,
    body: COMMANDS[operation].body as (typeof COMMANDS)[Type]['body'],
    output: caseStands,
  });

/** One route for each command; a command without one does not compile. */
export const commandRoutes = {
  GradeHazard: routeOf('GradeHazard'),
  FixOnTheSpot: routeOf('FixOnTheSpot'),
  AssignRectification: routeOf('AssignRectification'),
  SubmitRectification: routeOf('SubmitRectification'),
  AcceptRectification: routeOf('AcceptRectification'),
  ReturnRectification: routeOf('ReturnRectification'),
  UpgradeHazard: routeOf('UpgradeHazard'),
  ReportToDepartment: routeOf('ReportToDepartment'),
  FilePlan: routeOf('FilePlan'),
  ApprovePlan: routeOf('ApprovePlan'),
  ReturnPlan: routeOf('ReturnPlan'),
  IssueOrder: routeOf('IssueOrder'),
  LiftOrder: routeOf('LiftOrder'),
  ApplyForEvacuationHelp: routeOf('ApplyForEvacuationHelp'),
  AnswerEvacuationHelp: routeOf('AnswerEvacuationHelp'),
  ListForSupervision: routeOf('ListForSupervision'),
  ReportProgress: routeOf('ReportProgress'),
  DelistFromSupervision: routeOf('DelistFromSupervision'),
  ApplyToResume: routeOf('ApplyToResume'),
  ConsentToResume: routeOf('ConsentToResume'),
  RefuseToResume: routeOf('RefuseToResume'),
  RequestExtension: routeOf('RequestExtension'),
  DecideExtension: routeOf('DecideExtension'),
  RequestWithdrawal: routeOf('RequestWithdrawal'),
  ConfirmWithdrawal: routeOf('ConfirmWithdrawal'),
  RefuseWithdrawal: routeOf('RefuseWithdrawal'),
  ReopenHazard: routeOf('ReopenHazard'),
} satisfies { readonly [Type in PersonCommandType]: Route };

export const routes = [reportHazard, listHazards, readHazard, readHazardEvents, ...Object.values(commandRoutes)];
