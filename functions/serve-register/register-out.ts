/** The register as the API answers it: every grade with why it is so, every list with what stands in the way of its signature. */
import * as z from 'zod';
import { ROLES } from '../../shared/domain/caller.ts';
import { COLOURS, STANDINGS } from '../../shared/domain/colour.ts';
import { METHODS } from '../../shared/domain/grading.ts';
import {
  CONTROL_KINDS,
  CONTROL_LEVELS,
  DIMENSIONS,
  INSTALLATION_LEVELS,
  PARTICIPANTS,
} from '../../shared/domain/register-risk.ts';
import { SUSPENSION_KINDS } from '../../shared/domain/register-suspension.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, version } from '../../shared/runtime/schemas.ts';

const standing = z.enum(STANDINGS).meta({ description: 'RED 重大、ORANGE 较大、YELLOW 一般、BLUE 低；NONE 无等级' });

const grade = z.strictObject({
  colour: z.enum(COLOURS),
  method: z.enum(METHODS),
  edition: z.string().optional().meta({ description: '评分表的版本' }),
  factors: z
    .array(z.strictObject({ id: z.string(), name: z.string(), value: z.string(), says: z.string() }))
    .optional()
    .meta({ description: '各因素的取值' }),
  product: z.string().optional().meta({ description: '乘积' }),
  experts: z.array(z.string()).optional(),
  reason: z.string().optional().meta({ description: '专家的理由' }),
  determination: z
    .strictObject({ colour: z.enum(COLOURS), reason: z.string(), citation: z.string() })
    .optional()
    .meta({ description: '直接判定' }),
  explanation: z.string().meta({ description: '一句话说明等级怎样得出' }),
  why: whySchema,
});

const grades = z.strictObject({
  inherent: grade.meta({ description: '固有风险' }),
  residual: grade.meta({ description: '现有（剩余）风险，即现行等级' }),
});

const content = {
  name: z.string(),
  location: z.string(),
  coordinates: z.strictObject({ longitude: z.int(), latitude: z.int() }).optional(),
  workshop: z.string().optional(),
  team: z.string().optional(),
  post: z.string().optional(),
  identifiedOn: z.string().optional(),
  dimensions: z.array(z.enum(DIMENSIONS)),
  participants: z.array(z.strictObject({ as: z.enum(PARTICIPANTS), names: z.array(z.string()) })),
  factorCode: z.string().optional(),
  majorInstallation: z
    .strictObject({ level: z.literal(INSTALLATION_LEVELS).optional(), registration: z.string().optional() })
    .optional()
    .meta({ description: '重大危险源：级别（1 一级 … 4 四级）和备案编号' }),
  mainRisk: z.string(),
  accidents: z.array(z.strictObject({ edition: z.string(), code: z.string(), name: z.string() })),
  possibleHazards: z.string(),
  consequences: z.string(),
  controls: z.array(
    z.strictObject({
      kind: z.enum(CONTROL_KINDS),
      level: z.enum(CONTROL_LEVELS),
      text: z.string(),
      unit: z.string().optional(),
      person: z.string(),
    }),
  ),
  emergency: z.string(),
  reporting: z.string(),
  responsible: z.string(),
};

/** A risk point of an enterprise or a risk of a public area. */
export const riskOut = z.strictObject({
  owner: z.string(),
  no: z.string(),
  township: z.string().optional().meta({ description: '公共区域所在的乡镇；企业的风险点没有此项' }),
  department: z.string().optional().meta({ description: '分块负责的部门' }),
  content: z.strictObject(content),
  grades: grades.optional().meta({ description: '尚未评定的没有此项' }),
  colour: standing,
  counts: z.boolean().meta({ description: '已随清单签字生效：应排查、可抽查、上图' }),
  isSigned: z.boolean().meta({ description: '最近的改动也已签字' }),
  addedIn: z.int().meta({ description: '登记时的清单版本' }),
  changedIn: z.int().meta({ description: '最近改动的清单版本' }),
  retired: z.strictObject({ at: instantOut, because: z.string() }).optional(),
  version: version.meta({ description: '版本；修改须带上所见的版本' }),
});

/** One grading of a risk, as the ledger keeps it. */
export const gradingOut = z.strictObject({
  at: instantOut,
  by: z.strictObject({ id: z.string(), role: z.enum(ROLES) }),
  from: standing.meta({ description: '之前的等级' }),
  to: z.enum(COLOURS),
  because: z.string().optional().meta({ description: '登记时评定的没有此项' }),
  list: z.int().meta({ description: '属于清单的哪一版' }),
  grades,
});

const list = z.strictObject({
  version: z.int().meta({ description: '待签字的版本；与 signedVersion 相同即没有待签字的改动' }),
  signedVersion: z.int().meta({ description: '已签字的版本；0 表示从未签字' }),
  signedAt: instantOut.optional(),
  signedBy: z.string().optional(),
  digest: z.string().optional().meta({ description: '签字时清单的摘要' }),
});

/** Where a list stands, and what its head would sign. */
export const listOut = z.strictObject({
  owner: z.string(),
  list: list.shape.version,
  signedVersion: list.shape.signedVersion,
  signedAt: list.shape.signedAt,
  signedBy: list.shape.signedBy,
  digest: z.string().meta({ description: '现在清单的摘要（SHA-256）；签字时须原样写明' }),
  points: z.int().meta({ description: '未停用的风险数' }),
  unsigned: z.array(z.string()).meta({ description: '上次签字后新增、改动、评定或停用的' }),
  ungraded: z.array(z.string()).meta({ description: '尚未评定等级，因而不能签字的' }),
  withoutDepartment: z.array(z.string()).meta({ description: '公共区域较大以上风险中未写明分块负责部门，因而不能签字的' }),
  canBeSigned: z.boolean(),
  why: whySchema,
  version: version.meta({ description: '所有者记录的版本；签字须带上' }),
});

const adjustment = z.strictObject({
  colour: z.enum(COLOURS),
  rule: standing.meta({ description: '调整时按规则应为的等级' }),
  reason: z.string(),
  by: z.string(),
  at: instantOut,
});

export const enterpriseOut = z.strictObject({
  uscc: z.string(),
  owner: z.string(),
  name: z.string(),
  township: z.string(),
  townshipName: z.string(),
  industry: z.string(),
  industryName: z.string(),
  supervisor: z.string(),
  supervisorName: z.string(),
  address: z.string().optional(),
  contacts: z.array(z.strictObject({ post: z.string(), name: z.string(), phone: z.string().optional() })),
  workshops: z.array(z.strictObject({ name: z.string(), teams: z.array(z.string()) })),
  list,
  counting: z
    .strictObject({ RED: z.int(), ORANGE: z.int(), YELLOW: z.int(), BLUE: z.int() })
    .meta({ description: '已生效的风险点数' }),
  overall: z.strictObject({
    colour: standing.meta({ description: '企业整体等级' }),
    rule: standing.meta({ description: '按规则应为的等级' }),
    adjustment: adjustment.optional().meta({ description: '部门的调整；没有即按规则' }),
    why: whySchema,
  }),
  version: version.meta({ description: '版本；修改须带上所见的版本。风险清单的任何改动也使它增加' }),
});

export const suspensionOut = z.strictObject({
  id: z.string(),
  kind: z.enum(SUSPENSION_KINDS),
  kindName: z.string(),
  scope: z.discriminatedUnion('of', [
    z.strictObject({ of: z.literal('enterprise') }),
    z.strictObject({ of: z.literal('workshop'), workshop: z.string() }),
    z.strictObject({ of: z.literal('points'), points: z.array(z.string()) }),
  ]),
  from: instantOut,
  until: instantOut,
  reason: z.string(),
  approvedBy: z.string(),
  approver: z.string(),
  approvedAt: instantOut,
  lifted: z.strictObject({ at: instantOut, because: z.string() }).optional(),
  isRunning: z.boolean().meta({ description: '还没有结束' }),
  why: whySchema,
  version: version.meta({ description: '1 已批准；2 已提前结束' }),
});
