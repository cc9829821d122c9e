import * as z from 'zod';
import { ALL_LINES, AREA_LINE } from '../../shared/domain/grid.ts';
import { GRID_KINDS, GRID_TARGET, isGridTarget } from '../../shared/domain/grid-target.ts';
import { countyCode, department as departmentCode, personId, townshipCode } from '../../shared/domain/ids.ts';
import { KEY_LEVELS } from '../../shared/domain/key-unit.ts';
import { department } from '../../shared/runtime/register-schemas.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, day, line, named, owner, page, pageOf, prose, version } from '../../shared/runtime/schemas.ts';
import { departmentGridOut, designationOut, gridAnswerOut, keyLevelOut, townshipGridOut } from './supervision-out.ts';

const REASON = 500;
const reason = prose(REASON).meta({ description: '理由' });
const seen = version.meta({ description: '所见的版本；已有变化的请刷新' });
const level = z.enum(KEY_LEVELS);

const unit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('county'), county: named(countyCode) }),
  z.strictObject({ kind: z.literal('township'), township: named(townshipCode) }),
  z.strictObject({ kind: z.literal('enterprise'), uscc: creditCode }),
  z.strictObject({ kind: z.literal('section'), name: line(100), township: named(townshipCode), owner }),
]);

export const listKeyUnits = defineRoute({
  operation: 'ReadKeyUnits',
  method: 'GET',
  path: '/v1/key-units',
  summary: '重点县（市）、乡镇、企业、环节和点段：期限、理由、文号',
  query: z.strictObject({
    level: level.optional(),
    state: z.enum(['ahead', 'running', 'over']).optional().meta({ description: '不填则为全部' }),
    ...page,
  }),
  output: pageOf(designationOut),
});

export const readKeyLevel = defineRoute({
  operation: 'ReadKeyUnits',
  method: 'GET',
  path: '/v1/key-units/{level}',
  summary: '一级重点的数量：已确定多少、还差多少、依据哪条',
  params: z.strictObject({ level }),
  query: z.strictObject({ on: day.optional().meta({ description: '不填则为今天' }) }),
  output: keyLevelOut,
});

export const designateKeyUnit = defineRoute({
  operation: 'DesignateKeyUnit',
  method: 'POST',
  path: '/v1/key-units',
  summary: '确定一个重点，写明期限、理由和文号；不得超出政策规定的数量，企业与环节点段二者择一',
  body: z.strictObject({
    level,
    unit,
    from: day.meta({ description: '第一天，今天或以后' }),
    until: day.meta({ description: '最后一天' }),
    reason,
    document: line(100).meta({ description: '文号' }),
    version: seen.meta({ description: '这一级的版本' }),
  }),
  output: z.strictObject({ number: z.int(), ...keyLevelOut.shape }),
  status: 201,
});

export const endDesignation = defineRoute({
  operation: 'EndDesignation',
  method: 'POST',
  path: '/v1/key-units/{level}/{number}/end',
  summary: '在期满以前终止一个重点',
  params: z.strictObject({
    level,
    number: z.string().regex(/^[1-9]\d{0,5}$/, { error: '应为重点的编号' }),
  }),
  body: z.strictObject({ version: seen.meta({ description: '这一级的版本' }), because: reason }),
  output: keyLevelOut,
});

const responsible = z
  .strictObject({
    person: named(personId).meta({ description: '登录系统的工号，不是姓名' }),
    post: line(40).meta({ description: '职务' }),
  })
  .optional()
  .meta({ description: '责任人；不填即空缺' });
const ofTownship = z.strictObject({ township: named(townshipCode) });
const ofDepartment = z.strictObject({ dept: named(departmentCode) });

export const readTownshipGrid = defineRoute({
  operation: 'ReadGrid',
  method: 'GET',
  path: '/v1/grid/townships/{township}',
  summary: '一个乡镇的网格和责任人',
  params: ofTownship,
  output: townshipGridOut,
});

export const setGridCell = defineRoute({
  operation: 'SetGridCell',
  method: 'PUT',
  path: '/v1/grid/townships/{township}',
  summary: '设置乡镇的一个网格：不写名称的为整个乡镇，写名称的为其中一片',
  params: ofTownship,
  body: z.strictObject({ version: seen, part: line(40).optional(), responsible }),
  output: townshipGridOut,
});

export const readDepartmentGrid = defineRoute({
  operation: 'ReadGrid',
  method: 'GET',
  path: '/v1/grid/departments/{dept}',
  summary: '一个部门的条线和责任人',
  params: ofDepartment,
  output: departmentGridOut,
});

const industry = z.string().regex(/^(?:\*|[a-z0-9-]{1,32})$/, { error: `应为政策所列的行业代码、${AREA_LINE} 或 ${ALL_LINES}` });

export const setGridLine = defineRoute({
  operation: 'SetGridLine',
  method: 'PUT',
  path: '/v1/grid/departments/{dept}',
  summary: '设置部门的一个条线：某一行业、公共区域（area），或其余全部（*）',
  params: ofDepartment,
  body: z.strictObject({ version: seen, industry: industry.default(ALL_LINES), responsible }),
  output: departmentGridOut,
});

const filters = {
  township: named(townshipCode).optional(),
  department: department.optional(),
  kind: z.enum(GRID_KINDS).optional(),
  ...page,
};

export const listGrid = defineRoute({
  operation: 'ReadGrid',
  method: 'GET',
  path: '/v1/grid',
  summary: '网格化管理：每一重大风险、重大危险源、重大隐患由哪个乡镇、哪个部门、谁负责。一页可能不满，以有无 cursor 判断是否还有',
  query: z.strictObject(filters),
  output: pageOf(gridAnswerOut),
});

export const listGridGaps = defineRoute({
  operation: 'ReadGrid',
  method: 'GET',
  path: '/v1/grid/gaps',
  summary: '网格的缺口：没有乡镇或部门负责，或没有责任人的。一页可能不满，以有无 cursor 判断是否还有',
  query: z.strictObject(filters),
  output: pageOf(gridAnswerOut),
});

export const assignGrid = defineRoute({
  operation: 'AssignGrid',
  method: 'POST',
  path: '/v1/grid/assign',
  summary: '把一项指定给乡镇的某个网格、部门的某个条线；只写要改的一边，写而不填的恢复默认',
  body: z.strictObject({
    target: z
      .string()
      .regex(GRID_TARGET, { error: '应为 RISK#信用代码#编号、AREA#乡镇代码#编号 或 HAZ#隐患编号' })
      .refine(isGridTarget)
      .meta({ description: '网格清单中的 target' }),
    version: seen,
    cell: z.strictObject({ part: line(40).optional() }).optional(),
    line: z.strictObject({ department: department.optional(), industry: industry.optional() }).optional(),
  }),
  output: gridAnswerOut,
});

export const routes = [
  listKeyUnits,
  readKeyLevel,
  designateKeyUnit,
  endDesignation,
  readTownshipGrid,
  setGridCell,
  readDepartmentGrid,
  setGridLine,
  listGrid,
  listGridGaps,
  assignGrid,
];
