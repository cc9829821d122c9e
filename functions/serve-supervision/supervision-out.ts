/** Key units and the grid as the API answers them: with names for codes, and with what is missing and why it should not be. */
import * as z from 'zod';
import { GRID_GAPS, GRID_KINDS } from '../../shared/domain/grid-target.ts';
import { KEY_KINDS, KEY_LEVELS } from '../../shared/domain/key-unit.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, version } from '../../shared/runtime/schemas.ts';

const count = z.int().nonnegative();
const level = z.enum(KEY_LEVELS).meta({ description: 'prefecture 州级；county 县（市）级' });
const kind = z.enum(KEY_KINDS).meta({ description: 'county 县（市）；township 乡镇；enterprise 企业；section 环节和点段' });

const quota = z.strictObject({
  kind: kind.optional().meta({ description: '企业与环节点段二者择一，还没有选定的没有此项' }),
  atLeast: count,
  atMost: count,
  designated: count.meta({ description: '现有的数量' }),
  shortfall: count.meta({ description: '还差多少；大于零的应补足' }),
  why: whySchema,
});

/** How a level stands. */
export const keyLevelOut = z.strictObject({
  level,
  on: z.string().meta({ description: '按这一天统计' }),
  areas: quota.meta({ description: '重点县（市）或重点乡镇；州级的只计在本县（市）系统中确定的' }),
  units: quota.meta({ description: '重点企业，或重点环节和点段；州级的只计在本县（市）系统中确定的' }),
  says: z.string().optional().meta({ description: '州级的数量是哪里的' }),
  version: version.meta({ description: '这一级的版本；确定和终止须带上' }),
});

export const designationOut = z.strictObject({
  level,
  number: count,
  kind,
  code: z.string().optional().meta({ description: '县（市）、乡镇的代码或企业的信用代码；环节点段没有' }),
  name: z.string(),
  township: z.string().optional(),
  owner: z.string().optional(),
  from: z.string(),
  until: z.string().meta({ description: '最后一天' }),
  state: z.enum(['ahead', 'running', 'over']).meta({ description: 'ahead 尚未开始；running 现行；over 已期满或终止' }),
  reason: z.string(),
  document: z.string(),
  by: z.string(),
  at: instantOut,
  ended: z.strictObject({ at: instantOut, by: z.string(), because: z.string() }).optional(),
});

const responsible = z
  .strictObject({ person: z.string(), post: z.string() })
  .meta({ description: '由所在乡镇或部门填写并负责属实；系统不保存人员名单，不核对其是否在职' });

export const townshipGridOut = z.strictObject({
  township: z.string(),
  townshipName: z.string(),
  cells: z.array(
    z.strictObject({
      part: z.string().optional().meta({ description: '网格的名称；没有此项的为整个乡镇' }),
      responsible: responsible.optional().meta({ description: '没有此项即空缺' }),
    }),
  ),
  version: version.meta({ description: '版本；修改须带上所见的版本' }),
});

export const departmentGridOut = z.strictObject({
  department: z.string(),
  departmentName: z.string(),
  lines: z.array(
    z.strictObject({
      industry: z.string().meta({ description: '行业代码；area 公共区域；* 其余全部' }),
      industryName: z.string(),
      responsible: responsible.optional(),
    }),
  ),
  version: version.meta({ description: '版本；修改须带上所见的版本' }),
});

const gap = z.enum(GRID_GAPS).optional().meta({
  description:
    'no-township 没有所属乡镇；no-cell 没有网格；no-person-in-cell 网格没有责任人；no-department 没有监管部门；no-line 部门没有条线；no-person-in-line 条线没有责任人',
});
const known = {
  since: instantOut.optional().meta({ description: '缺口自何时记录在案；尚未记录的没有此项' }),
  due: instantOut.optional().meta({ description: '应在何时以前补上' }),
  isOverdue: z.boolean().optional(),
};

/** Who answers for one thing. */
export const gridAnswerOut = z.strictObject({
  target: z.string().meta({ description: '风险点 RISK#…、公共区域 AREA#… 或隐患 HAZ#…' }),
  kinds: z
    .array(z.enum(GRID_KINDS))
    .meta({ description: 'major-risk 重大风险；major-installation 重大危险源；major-hazard 重大隐患' }),
  name: z.string(),
  owner: z.string(),
  township: z.strictObject({
    code: z.string().optional(),
    name: z.string().optional(),
    part: z.string().optional(),
    responsible: responsible.optional(),
    gap,
    ...known,
  }),
  department: z.strictObject({
    code: z.string().optional(),
    name: z.string().optional(),
    industry: z.string().optional(),
    responsible: responsible.optional(),
    gap,
    ...known,
  }),
  why: whySchema,
  version: version.meta({ description: '指定网格须带上' }),
});
