/** Directories, lists and plans as the API answers them, and the two questions of oversight: is it possible, and was it done. */
import * as z from 'zod';
import { COLOURS } from '../../shared/domain/colour.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { PLANNED_KINDS } from '../../shared/domain/inspection-plan.ts';
import { INSPECTOR_ROLES } from '../../shared/domain/inspector.ts';
import { OUTCOMES } from '../../shared/domain/task.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, version } from '../../shared/runtime/schemas.ts';

const stands = version.meta({ description: '版本；修改须带上所见的版本' });

const interest = z.strictObject({
  no: z.int(),
  in: z.string(),
  kind: z.string(),
  kindName: z.string(),
  reason: z.string(),
  by: z.string(),
  at: instantOut,
  lifted: z.strictObject({ by: z.string(), at: instantOut, reason: z.string() }).optional(),
});

export const inspectorOut = z.strictObject({
  id: z.string(),
  role: z.enum(INSPECTOR_ROLES),
  authority: z.string(),
  authorityName: z.string(),
  skills: z.array(z.string()).meta({ description: '可检查的行业；* 为全部' }),
  skillNames: z.array(z.string()),
  certificate: z.strictObject({ no: z.string(), until: z.string(), isValid: z.boolean() }),
  employer: z.string().optional(),
  perMonth: z.int().meta({ description: '每月最多检查的对象数；未单独规定的为政策规定的数' }),
  absences: z.array(z.strictObject({ from: z.string(), to: z.string(), reason: z.string() })),
  interests: z.array(interest).meta({ description: '需要回避的利害关系，含已解除的' }),
  retired: z.strictObject({ at: instantOut, because: z.string() }).optional(),
  workload: z
    .strictObject({
      open: z.int().meta({ description: '尚未完成的检查任务' }),
      month: z.int().meta({ description: '本月的检查任务' }),
    })
    .meta({ description: '工作量' }),
  why: whySchema.meta({ description: '回避的规定' }),
  version: stands,
});

const item = z.strictObject({
  no: z.string().meta({ description: '编号' }),
  name: z.string().meta({ description: '抽查事项名称' }),
  subItem: z.string().optional().meta({ description: '抽查子项' }),
  basis: z.string().meta({ description: '抽查依据' }),
  appliesTo: z.array(z.string()).meta({ description: '抽查对象：行业代码，area 为公共区域，* 为全部' }),
  kinds: z.array(z.enum(['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE'])).meta({ description: '用于哪些抽查' }),
  way: z.string().meta({ description: '抽查方式' }),
  staff: z.string().optional().meta({ description: '检查人员要求' }),
  remark: z.string().optional().meta({ description: '备注' }),
});

export const itemListOut = z.strictObject({
  authority: z.string().meta({ description: '抽查主体' }),
  authorityName: z.string(),
  items: z.array(item),
  keptAt: instantOut.optional().meta({ description: '最近改动；从未制定的没有此项' }),
  why: whySchema.meta({ description: '每次抽取多少项' }),
  version: stands,
});

export const planOut = z.strictObject({
  authority: z.string(),
  authorityName: z.string(),
  period: z.string(),
  kind: z.enum(PLANNED_KINDS),
  kindName: z.string(),
  theme: z.string(),
  industries: z.array(z.string()).meta({ description: '只检查这些行业，area 为公共区域；空为全部' }),
  townships: z.array(z.string()).meta({ description: '只检查这些乡镇；空为全部' }),
  keptAt: instantOut.optional().meta({ description: '没有制定计划的没有此项，按不限范围的专项检查（综合督查）进行' }),
  why: whySchema,
  version: stands,
});

const demand = z.strictObject({
  kind: z.enum(DRAW_KINDS),
  kindName: z.string(),
  period: z.string(),
  colour: z.enum(COLOURS).optional(),
  industry: z.string().meta({ description: '行业代码；area 为公共区域' }),
  industryName: z.string(),
  objects: z.int().meta({ description: '对象数' }),
  visits: z.int().meta({ description: '应检查的对象数' }),
  feasible: z.int().meta({ description: '现有人员能检查的' }),
});

export const capacityOut = z.strictObject({
  quarter: z.string(),
  authorities: z.array(
    z.strictObject({
      authority: z.string(),
      authorityName: z.string(),
      inspectors: z.int().meta({ description: '可用的检查人员' }),
      visits: z.int().meta({ description: '应检查的对象数' }),
      feasible: z.int(),
      isEnough: z.boolean().meta({ description: '够用；有分层或对象配不齐人员、抽查无法公告的，不算够用' }),
      demands: z.array(demand),
      bottlenecks: z
        .array(
          z.strictObject({
            role: z.enum(INSPECTOR_ROLES),
            months: z.array(z.string()),
            industries: z.array(z.string()),
            inspectors: z.array(z.string()).meta({ description: '能承担这些检查的人员' }),
            needed: z.int().meta({ description: '需要的人次' }),
            available: z.int().meta({ description: '能提供的人次' }),
            isOfDays: z.boolean().meta({ description: '缺的是同组人员共同在岗的日子' }),
          }),
        )
        .meta({ description: '哪些行业、哪段时间缺人，缺多少' }),
      says: z.array(z.string()).meta({ description: '应当怎样做' }),
      why: z.array(whySchema),
    }),
  ),
});

const covered = {
  objects: z.int().meta({ description: '列入名录的对象（对象×周期）' }),
  due: z.int().meta({ description: '政策要求检查的' }),
  drawn: z.int().meta({ description: '抽中的' }),
  inTime: z.int().meta({ description: '按期检查的' }),
  late: z.int().meta({ description: '逾期检查的' }),
  notInspected: z.int().meta({ description: '已到场而未能检查的（未找到、拒绝、关闭）' }),
  missed: z.int().meta({ description: '周期已结束仍未检查的' }),
  running: z.int().meta({ description: '周期尚未结束、尚待检查的' }),
  gap: z.int().meta({ description: '因检查力量不足未抽取的（应抽数减去抽取数）' }),
};

const { objects: _, gap: __, ...coveredByTownship } = covered;

export const coverageOut = z.strictObject({
  year: z.string(),
  at: instantOut,
  authorities: z.array(
    z.strictObject({
      authority: z.string(),
      authorityName: z.string(),
      total: z.strictObject(covered),
      byColour: z.array(z.strictObject({ colour: z.enum(COLOURS), ...covered, why: whySchema })),
      byIndustry: z.array(z.strictObject({ industry: z.string(), industryName: z.string(), ...covered })),
      byTownship: z
        .array(z.strictObject({ township: z.string(), townshipName: z.string(), ...coveredByTownship }))
        .meta({ description: '按已检查、已揭示的对象；尚待检查的不按乡镇列出' }),
      windows: z.array(
        z.strictObject({
          kind: z.enum(DRAW_KINDS),
          kindName: z.string(),
          period: z.string(),
          number: z.int().optional().meta({ description: '抽查编号；没有进行的没有此项' }),
          isRunning: z.boolean().meta({ description: '周期尚未结束' }),
          says: z.string().optional().meta({ description: '没有进行抽查的周期，为什么' }),
          ...covered,
        }),
      ),
      gaps: z
        .array(
          z.strictObject({
            number: z.int(),
            kind: z.enum(DRAW_KINDS),
            period: z.string(),
            stratum: z.string(),
            wanted: z.int(),
            quota: z.int(),
          }),
        )
        .meta({ description: '检查力量不足的分层' }),
    }),
  ),
});

/** A visit that was due and has not found its object inspected. */
export const notVisitedOut = z.strictObject({
  authority: z.string(),
  number: z.int(),
  kind: z.enum(DRAW_KINDS),
  period: z.string(),
  object: z.string(),
  colour: z.enum(COLOURS),
  township: z.string(),
  state: z
    .enum(['missed', 'late', 'not-inspected'])
    .meta({ description: 'missed 未检查；late 逾期检查；not-inspected 到场而未能检查' }),
  outcome: z.enum(OUTCOMES).optional(),
});
