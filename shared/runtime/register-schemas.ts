/** What people enter into the register, as it is read at the edge: by the API, by the import. */
import * as z from 'zod';
import { COLOURS } from '../domain/colour.ts';
import { type Assessment, TABLE_METHODS } from '../domain/grading.ts';
import { riskNo, townshipCode } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import { MOST_WORKSHOPS } from '../domain/register-owner.ts';
import { CONTROL_KINDS, CONTROL_LEVELS, DIMENSIONS, INSTALLATION_LEVELS, PARTICIPANTS } from '../domain/register-risk.ts';
import { SUSPENSION_KINDS } from '../domain/register-suspension.ts';
import { creditCode, day, instantText, line, named, owner, prose } from './schemas.ts';

/** A place in an enterprise. It names a duty page, so the signs that part names there are not for it. */
const unitName = line(40).regex(/^[^#;|,]*$/, { error: '名称不能含 # ; | ,' });

export const department = owner.refine((text): text is Owner => text.startsWith('DEPT:'), { error: '应为 DEPT:部门代码' });

/** Degrees in units of 0.0000001; China lies within these bounds. */
const coordinates = z.strictObject({
  longitude: z.int().min(730_000_000).max(1_360_000_000),
  latitude: z.int().min(30_000_000).max(540_000_000),
});

const factors = z.record(
  z.string().max(8),
  z.string().regex(/^\d{1,4}(\.\d{1,3})?$/, { error: '应为评分表中列出的取值，例："0.5"' }),
);

const determination = z.strictObject({ colour: z.enum(COLOURS), reason: prose(500), citation: line(200) });

export const assessment: z.ZodType<Assessment> = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(TABLE_METHODS), factors, determination: determination.optional() }),
  z.strictObject({
    method: z.literal('EXPERTS'),
    colour: z.enum(COLOURS),
    experts: z.array(line(40)).min(1).max(20),
    reason: prose(500),
    determination: determination.optional(),
  }),
]);

export const assessments = z.strictObject({ inherent: assessment, residual: assessment });

const control = z.strictObject({
  kind: z.enum(CONTROL_KINDS),
  level: z.enum(CONTROL_LEVELS).optional().meta({ description: '不填则按等级取政策默认层级' }),
  text: prose(500),
  unit: line(60).optional(),
  person: line(40).optional().meta({ description: '不填则为风险点责任人' }),
});

const content = {
  name: line(100),
  location: line(200),
  coordinates: coordinates.optional(),
  identifiedOn: day.optional(),
  dimensions: z.array(z.enum(DIMENSIONS)).min(1).max(DIMENSIONS.length),
  participants: z
    .array(z.strictObject({ as: z.enum(PARTICIPANTS), names: z.array(line(40)).max(30) }))
    .min(1)
    .max(PARTICIPANTS.length),
  factorCode: z
    .string()
    .regex(/^[1-4]\d{5}$/, { error: 'GB/T 13861 代码应为 6 位数字，首位 1 至 4' })
    .optional(),
  majorInstallation: z
    .strictObject({
      level: z.literal(INSTALLATION_LEVELS).optional().meta({ description: '级别：1 一级 … 4 四级' }),
      registration: line(60).optional().meta({ description: '备案编号' }),
    })
    .optional()
    .meta({ description: '构成重大危险源的才有此项' }),
  mainRisk: prose(500),
  accidents: z
    .array(z.strictObject({ edition: line(40), code: z.string().regex(/^[0-9A-Z]{2,8}$/) }))
    .min(1)
    .max(10),
  possibleHazards: prose(1000),
  consequences: prose(1000),
  controls: z.array(control).min(1).max(40),
  emergency: prose(1000),
  reporting: prose(300),
  responsible: line(60),
};

/** A risk point of an enterprise. */
export const riskContent = z.strictObject({
  ...content,
  workshop: unitName.optional(),
  team: unitName.optional(),
  post: unitName.optional(),
});

/** A risk of a public area. */
export const areaContent = z.strictObject(content);

export const newRisk = z.strictObject({
  no: named(riskNo),
  content: riskContent,
  assessments: assessments.optional().meta({ description: '可先登记后评定；未评定的不能签字生效' }),
});

export const newArea = z.strictObject({
  township: named(townshipCode),
  no: named(riskNo),
  department: department.optional().meta({ description: '较大以上风险的分块负责部门' }),
  content: areaContent,
  assessments: assessments.optional(),
});

export const enterpriseContent = z.strictObject({
  name: line(100),
  township: named(townshipCode),
  industry: z.string().regex(/^[a-z0-9-]{1,32}$/),
  supervisor: department.optional().meta({ description: '不填则为行业对应的监管部门' }),
  address: line(200).optional(),
  contacts: z
    .array(
      z.strictObject({
        post: line(40),
        name: line(40),
        phone: z
          .string()
          .regex(/^[0-9+ -]{5,20}$/)
          .optional(),
      }),
    )
    .min(1)
    .max(30),
  workshops: z
    .array(z.strictObject({ name: unitName, teams: z.array(unitName).max(100) }))
    .max(MOST_WORKSHOPS)
    .default([]),
});

export type EnteredEnterprise = z.output<typeof enterpriseContent>;

export const newEnterprise = z.strictObject({ uscc: creditCode, ...enterpriseContent.shape });

export const suspension = z.strictObject({
  kind: z.enum(SUSPENSION_KINDS),
  scope: z.discriminatedUnion('of', [
    z.strictObject({ of: z.literal('enterprise') }),
    z.strictObject({ of: z.literal('workshop'), workshop: unitName }),
    z.strictObject({ of: z.literal('points'), points: z.array(named(riskNo)).min(1).max(500) }),
  ]),
  from: instantText,
  until: instantText,
  reason: prose(500),
  approver: line(40).meta({ description: '批准人姓名' }),
});
