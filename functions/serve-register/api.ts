import * as z from 'zod';
import { COLOURS, STANDINGS } from '../../shared/domain/colour.ts';
import { riskNo, townshipCode } from '../../shared/domain/ids.ts';
import {
  areaContent,
  assessments,
  department,
  enterpriseContent,
  newArea,
  newEnterprise,
  newRisk,
  riskContent,
  suspension,
} from '../../shared/runtime/register-schemas.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { areaOwner, creditCode, line, named, page, pageOf, prose, version } from '../../shared/runtime/schemas.ts';
import { enterpriseOut, gradingOut, listOut, riskOut, suspensionOut } from './register-out.ts';

const REASON = 500;
const reason = prose(REASON).meta({ description: '理由' });
const seen = version.meta({ description: '所见的版本；已有变化的请刷新' });
const ofEnterprise = z.strictObject({ uscc: creditCode });
const ofRisk = z.strictObject({ uscc: creditCode, no: named(riskNo) });
const ofArea = z.strictObject({ township: named(townshipCode), no: named(riskNo) });
const ofList = z.strictObject({ owner: areaOwner });
const colour = z.enum(STANDINGS).optional().meta({ description: '只看这一等级；NONE 尚未评定或已停用' });

const retirement = z.strictObject({ version: seen, because: reason });
const regrading = z.strictObject({ version: seen, assessments, because: reason });
const signature = z.strictObject({
  version: seen.meta({ description: '清单状态中的 version' }),
  list: z.int().positive().meta({ description: '签的是清单的哪一版，见清单状态中的 list' }),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: '应为清单状态中的 digest' })
    .meta({ description: '所见清单的摘要；与现在的清单不符的不能签' }),
});

export const registerEnterprise = defineRoute({
  operation: 'RegisterEnterprise',
  method: 'POST',
  path: '/v1/enterprises',
  summary: '登记企业',
  body: newEnterprise,
  output: enterpriseOut,
  status: 201,
});

export const listEnterprises = defineRoute({
  operation: 'ReadEnterprise',
  method: 'GET',
  path: '/v1/enterprises',
  summary: '您可以看到的企业，整体等级高的在前',
  query: z.strictObject({
    township: named(townshipCode).optional(),
    industry: line(32).optional().meta({ description: '行业代码' }),
    colour: z.enum(STANDINGS).optional().meta({ description: '整体等级' }),
    ...page,
  }),
  output: pageOf(enterpriseOut),
});

export const readEnterprise = defineRoute({
  operation: 'ReadEnterprise',
  method: 'GET',
  path: '/v1/enterprises/{uscc}',
  summary: '一家企业：联系人、车间、清单状态、整体等级及其依据',
  params: ofEnterprise,
  output: enterpriseOut,
});

export const changeEnterprise = defineRoute({
  operation: 'ChangeEnterprise',
  method: 'PUT',
  path: '/v1/enterprises/{uscc}',
  summary: '修改企业信息；乡镇、行业和监管部门只能由监管部门修改；已登记的车间和班组会保留',
  params: ofEnterprise,
  body: z.strictObject({ version: seen, ...enterpriseContent.shape }),
  output: enterpriseOut,
});

export const adjustOverallGrade = defineRoute({
  operation: 'AdjustOverallGrade',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/adjust-overall-grade',
  summary: '由部门上调或下调企业整体等级，写明理由；风险加重到超出所见时自动失效',
  params: ofEnterprise,
  body: z.strictObject({ version: seen, colour: z.enum(COLOURS), reason }),
  output: enterpriseOut,
});

export const returnToRule = defineRoute({
  operation: 'AdjustOverallGrade',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/return-to-rule',
  summary: '取消对整体等级的调整，恢复按规则确定',
  params: ofEnterprise,
  body: z.strictObject({ version: seen, reason }),
  output: enterpriseOut,
});

export const addRisk = defineRoute({
  operation: 'AddRisk',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/risks',
  summary: '登记风险点；负责人签字后生效',
  params: ofEnterprise,
  body: newRisk,
  output: riskOut,
  status: 201,
});

export const listRisks = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/enterprises/{uscc}/risks',
  summary: '企业的风险点，等级高的在前',
  params: ofEnterprise,
  query: z.strictObject({ colour, workshop: line(40).optional(), ...page }),
  output: pageOf(riskOut),
});

export const readRisk = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/enterprises/{uscc}/risks/{no}',
  summary: '一个风险点：管控措施、固有和现有等级及其依据',
  params: ofRisk,
  output: riskOut,
});

export const changeRisk = defineRoute({
  operation: 'ChangeRisk',
  method: 'PUT',
  path: '/v1/enterprises/{uscc}/risks/{no}',
  summary: '修改风险点的内容；换车间的，当前周期仍在原车间排查',
  params: ofRisk,
  body: z.strictObject({ version: seen, content: riskContent }),
  output: riskOut,
});

export const regradeRisk = defineRoute({
  operation: 'RegradeRisk',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/risks/{no}/regrade',
  summary: '评定或重新评定等级；上调当即生效，已生效的下调须由负责人本人提交',
  params: ofRisk,
  body: regrading,
  output: riskOut,
});

export const retireRisk = defineRoute({
  operation: 'RetireRisk',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/risks/{no}/retire',
  summary: '停用不复存在的风险点，由负责人提交；编号不再使用',
  params: ofRisk,
  body: retirement,
  output: riskOut,
});

export const readGradings = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/enterprises/{uscc}/risks/{no}/gradings',
  summary: '一个风险点的历次评定，从最早的开始',
  params: ofRisk,
  query: z.strictObject(page),
  output: pageOf(gradingOut),
});

export const readRiskList = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/enterprises/{uscc}/risk-list',
  summary: '风险清单的状态：待签字的版本、摘要、还不能签字的原因',
  params: ofEnterprise,
  output: listOut,
});

export const signRiskList = defineRoute({
  operation: 'SignRiskList',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/risk-list/sign',
  summary: '负责人在风险清单上签字，所列风险点从此生效、从所在周期起排查',
  params: ofEnterprise,
  body: signature,
  output: listOut,
});

export const approveSuspension = defineRoute({
  operation: 'ApproveSuspension',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/suspensions',
  summary: '批准停产、检修、停用；在其间到期、且在到期前批准的排查不计',
  params: ofEnterprise,
  body: suspension,
  output: suspensionOut,
  status: 201,
});

export const listSuspensions = defineRoute({
  operation: 'ReadSuspension',
  method: 'GET',
  path: '/v1/enterprises/{uscc}/suspensions',
  summary: '企业的停产、检修、停用',
  params: ofEnterprise,
  query: z.strictObject({
    running: z.enum(['true', 'false']).optional().meta({ description: 'true 只看还没有结束的；false 只看已结束的' }),
    ...page,
  }),
  output: pageOf(suspensionOut),
});

export const liftSuspension = defineRoute({
  operation: 'LiftSuspension',
  method: 'POST',
  path: '/v1/enterprises/{uscc}/suspensions/{id}/lift',
  summary: '提前结束停产、检修、停用，从当前周期起恢复排查',
  params: z.strictObject({ uscc: creditCode, id: z.string().regex(/^S[0-9A-F]{16}$/, { error: '不是有效的编号' }) }),
  body: z.strictObject({ version: seen, because: reason }),
  output: suspensionOut,
});

export const addArea = defineRoute({
  operation: 'AddArea',
  method: 'POST',
  path: '/v1/areas',
  summary: '登记公共区域风险，由提交的乡镇或部门负责；其负责人签字后生效',
  body: newArea,
  output: riskOut,
  status: 201,
});

export const listAreas = defineRoute({
  operation: 'ReadArea',
  method: 'GET',
  path: '/v1/areas',
  summary: '您可以看到的公共区域风险，等级高的在前',
  query: z.strictObject({ township: named(townshipCode).optional(), owner: areaOwner.optional(), colour, ...page }),
  output: pageOf(riskOut),
});

export const readArea = defineRoute({
  operation: 'ReadArea',
  method: 'GET',
  path: '/v1/areas/{township}/{no}',
  summary: '一处公共区域风险',
  params: ofArea,
  output: riskOut,
});

export const changeArea = defineRoute({
  operation: 'ChangeArea',
  method: 'PUT',
  path: '/v1/areas/{township}/{no}',
  summary: '修改公共区域风险的内容和分块负责的部门',
  params: ofArea,
  body: z.strictObject({ version: seen, content: areaContent, department: department.optional() }),
  output: riskOut,
});

export const regradeArea = defineRoute({
  operation: 'RegradeArea',
  method: 'POST',
  path: '/v1/areas/{township}/{no}/regrade',
  summary: '评定或重新评定公共区域风险的等级；已生效的下调须由负责人本人提交',
  params: ofArea,
  body: regrading,
  output: riskOut,
});

export const retireArea = defineRoute({
  operation: 'RetireArea',
  method: 'POST',
  path: '/v1/areas/{township}/{no}/retire',
  summary: '停用不复存在的公共区域风险，由负责人提交',
  params: ofArea,
  body: retirement,
  output: riskOut,
});

export const readAreaGradings = defineRoute({
  operation: 'ReadArea',
  method: 'GET',
  path: '/v1/areas/{township}/{no}/gradings',
  summary: '一处公共区域风险的历次评定，从最早的开始',
  params: ofArea,
  query: z.strictObject(page),
  output: pageOf(gradingOut),
});

export const readAreaList = defineRoute({
  operation: 'ReadArea',
  method: 'GET',
  path: '/v1/area-lists/{owner}',
  summary: '乡镇或部门的公共区域风险清单的状态',
  params: ofList,
  output: listOut,
});

export const signAreaList = defineRoute({
  operation: 'SignAreaList',
  method: 'POST',
  path: '/v1/area-lists/{owner}/sign',
  summary: '乡镇或部门负责人在公共区域风险清单上签字',
  params: ofList,
  body: signature,
  output: listOut,
});

export const routes = [
  registerEnterprise,
  listEnterprises,
  readEnterprise,
  changeEnterprise,
  adjustOverallGrade,
  returnToRule,
  addRisk,
  listRisks,
  readRisk,
  changeRisk,
  regradeRisk,
  retireRisk,
  readGradings,
  readRiskList,
  signRiskList,
  approveSuspension,
  listSuspensions,
  liftSuspension,
  addArea,
  listAreas,
  readArea,
  changeArea,
  regradeArea,
  retireArea,
  readAreaGradings,
  readAreaList,
  signAreaList,
];
