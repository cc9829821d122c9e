/** Zod texts for the names of the domain, so that a malformed one is refused where it comes in. */
import * as z from 'zod';
import { type Instant, instant } from '../domain/calendar.ts';
import { type CreditCode, creditCode as readCreditCode } from '../domain/credit-code.ts';
import type { Naming } from '../domain/ids.ts';
import { isOwner, type Owner } from '../domain/owner.ts';
import { personalDataIn } from '../domain/personal-data.ts';

/** The schema as it is, with the type that its checks have earned: input and output stay texts, so the documentation can show both. */
const typed = <Name extends string>(schema: z.ZodString) => schema as unknown as z.ZodType<Name, Name | string>;

export const named = <Name extends string>(naming: Pick<Naming<Name>, 'is' | 'kind' | 'pattern'>) =>
  typed<Name>(z.string().regex(naming.pattern, { error: `不是有效的编号（${naming.kind}）` }));

export const creditCode = typed<CreditCode>(
  z
    .string()
    .regex(readCreditCode.pattern, { error: '统一社会信用代码应为 18 位数字和大写字母' })
    .refine(readCreditCode.is, { error: '统一社会信用代码的校验位不对，请对照营业执照核对' }),
);

export const owner = typed<Owner>(z.string().refine(isOwner, { error: '应为 ENT:信用代码、TOWN:乡镇代码 或 DEPT:部门代码' }));

/** Whose public areas are. */
export const areaOwner = owner.refine((text): text is Owner => !text.startsWith('ENT:'), {
  error: '应为 TOWN:乡镇代码 或 DEPT:部门代码',
});

/** An instant as the API answers it. */
export const instantOut = typed<Instant>(z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

/** An instant with its offset; kept in UTC with milliseconds. */
export const instantText = z.iso
  .datetime({ offset: true, error: '应为带时区的时间，例：2026-03-01T08:00:00+08:00' })
  .transform((text): Instant => instant(text));

export const day = z.iso.date({ error: '应为日期，例：2026-03-01' });
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: '应为月份，例：2026-03' });

/** One line of text that a person wrote: trimmed, not empty, without control characters. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, { error: '不能为空' })
    .max(most, { error: `不能超过 ${most} 个字` })
    .regex(/^[^\p{Cc}]*$/u, { error: '不能含控制字符' });

/** Several lines of it. */
export const prose = (most: number) =>
  z
    .string()
    .trim()
    .min(1, { error: '不能为空' })
    .max(most, { error: `不能超过 ${most} 个字` })
    .regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, { error: '不能含控制字符' });

/**
 * A text that goes where it cannot be taken back: into published files, or the history of an execution. Numbers of persons are refused;
 * names cannot be told from other words, so the documentation says it.
 */
export const impersonal = <Text extends z.ZodType<string>>(text: Text): Text =>
  text
    .refine((read) => personalDataIn(read, { persons: [], notPersons: [] }).length === 0, {
      error: '不要填写电话或身份证号码：这段文字会公开或长期保存，不能再删除',
    })
    .meta({ description: '请勿填写姓名、电话和身份证号码' });

/** The version that the caller read: a change of a record that stands at another is refused. */
export const version = z.int().nonnegative();

/** The query of every list. `cursor` is what the page before answered. */
export const page = { limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().max(2000).optional() };

export const pageOf = <Item extends z.ZodType>(of: Item) => z.strictObject({ items: z.array(of), cursor: z.string().optional() });
