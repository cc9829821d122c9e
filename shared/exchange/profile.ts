/**
 * How platforms differ: one core model, one profile for each. A row goes to a platform's form and back unchanged. What is not known of a platform
 * is a line of data here, and is put right here alone.
 */
import type { CreditCode } from '../domain/credit-code.ts';
import type { ExchangeRow, ExchangeTable } from '../domain/exchange.ts';
import { checkRow, faultAt, isBlank, type RawRow, type RowFault, unknownColumn } from './check-row.ts';
import { ACCEPTED, type ExchangeColumn, isDeleted, TABLES, UNCONFIRMED } from './tables.ts';

/** How a platform writes what the core has as `2026-03-01 08:05:30` and `2026-03-01`. */
export const TIME_FORMATS = ['yyyyMMddHHmmss', 'yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];
export const DAY_FORMATS = ['yyyyMMdd', 'yyyy-MM-dd', 'yyyyMMdd000000', 'yyyy-MM-dd 00:00:00'] as const;
export type DayFormat = (typeof DAY_FORMATS)[number];

export interface Profile {
  readonly title: string;
  /** What the platform calls a column, where it is not as here. */
  readonly names: Readonly<Record<string, string>>;
  /** Columns that it does not have. */
  readonly lacks: readonly string[];
  readonly time: TimeFormat;
  readonly day: DayFormat;
  /** How much of a length a Chinese character takes. */
  readonly widthOfChinese: 1 | 2;
  /** Whether who accepted, when and how has to be said of hazards that nobody has accepted yet. */
  readonly acceptance: 'when-accepted' | 'always';
  /** By which name the platform knows an enterprise: its own code of nine digits, the credit code, or both. */
  readonly enterprise: 'code' | 'credit-code' | 'both';
}

const PICTURES = { dangerImg: 'attachments1', dangerAcceptImg: 'attachments2', dangerOtherImg: 'attachments3' };
const NO_THIRD_PICTURE = ['dangerOtherImg'];

/** By the implementations whose public code they follow. */
export const PROFILE_NAMES = ['cmsr', 'wwyt', 'hti'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  cmsr: {
    title: '9 位企业编码，14 位时间，验收后填写验收情况',
    names: { checkRecordId: 'recordId' },
    lacks: NO_THIRD_PICTURE,
    time: 'yyyyMMddHHmmss',
    day: 'yyyyMMdd000000',
    widthOfChinese: 1,
    acceptance: 'when-accepted',
    enterprise: 'code',
  },
  wwyt: {
    title: '企业编码和统一社会信用代码，汉字按两个字计，始终填写验收情况',
    names: { dangerSrc: 'dangersSrc' },
    lacks: NO_THIRD_PICTURE,
    time: 'yyyy-MM-dd HH:mm:ss',
    day: 'yyyy-MM-dd',
    widthOfChinese: 2,
    acceptance: 'always',
    enterprise: 'both',
  },
  hti: {
    title: '统一社会信用代码，照片为附件，验收后填写验收情况',
    names: PICTURES,
    lacks: [],
    time: 'yyyy-MM-dd HH:mm:ss',
    day: 'yyyy-MM-dd 00:00:00',
    widthOfChinese: 1,
    acceptance: 'when-accepted',
    enterprise: 'credit-code',
  },
};
export const isProfileName = (text: string): text is ProfileName => PROFILE_NAMES.some((name) => name === text);

const COMPANY = 'companyCode';

/** What the platform calls a column of ours. */
export const nameOn = ({ names, enterprise }: Profile, column: string): string => {
  if (column === 'creditCode' && enterprise === 'code') return COMPANY;
  return Object.hasOwn(names, column) ? (names[column] ?? column) : column;
};

const digits = (text: string): string => text.replace(/\D/g, '');
const dayFrom = (text: string): string => text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

function written({ kind }: ExchangeColumn, text: string, { time, day }: Profile): string {
  if (kind === 'time') {
    if (time === 'yyyy-MM-dd') return text.slice(0, time.length);
    return time === 'yyyyMMddHHmmss' ? digits(text) : text;
  }
  if (kind !== 'day') return text;
  switch (day) {
    case 'yyyyMMdd':
      return digits(text);
    case 'yyyyMMdd000000':
      return `${digits(text)}000000`;
    case 'yyyy-MM-dd 00:00:00':
      return `${text} 00:00:00`;
    case 'yyyy-MM-dd':
      return text;
  }
}

function read({ kind }: ExchangeColumn, text: string): string {
  if (kind === 'time') {
    // A day alone is its beginning.
    return text
      .replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1-$2-$3 $4:$5:$6')
      .replace(/^\d{4}-\d{2}-\d{2}$/, '$& 00:00:00');
  }
  return kind === 'day' ? dayFrom(text.replace(/ 00:00:00$/, '').replace(/^(\d{8})000000$/, '$1')) : text;
}

export type Written =
  | {
      readonly row: RawRow;
      readonly faults: readonly [];
      /** What stands there in the place of what nobody can say yet. */
      readonly placeholders?: readonly RowFault[];
    }
  | { readonly faults: readonly RowFault[] };

/** The row as the platform takes it, or what it would refuse of it. `codeOf`: a platform gives its codes of enterprises out, they follow from nothing. */
export function toPlatform(
  table: ExchangeTable,
  row: ExchangeRow,
  profile: Profile,
  codeOf: (creditCode: string) => string | undefined,
): Written {
  const faults = faultsFor(table, row, profile);
  const { creditCode, ...rest } = row;
  const code = profile.enterprise === 'credit-code' ? undefined : codeOf(String(creditCode));
  if (profile.enterprise !== 'credit-code' && code === undefined) {
    faults.push(faultAt(table, 'creditCode', ['no-company-code', '在平台上没有企业编码，请在编码对照表中补上']));
  }
  if (faults.length > 0) return { faults };
  const awaited = isAwaited(table, row, profile) ? notAccepted(row) : {};
  const told: ExchangeRow = { ...rest, ...awaited };
  const members = TABLES[table].columns.flatMap((column): [string, string | number][] => {
    const value = told[column.name];
    if (value === undefined) return [];
    return [[nameOn(profile, column.name), typeof value === 'string' ? written(column, value, profile) : value]];
  });
  const enterprise = {
    ...(code !== undefined && { [COMPANY]: code }),
    ...(profile.enterprise !== 'code' && { creditCode }),
  };
  const placeholders = Object.keys(awaited).map((name) =>
    faultAt(table, name, ['not-accepted-yet', '在该平台上始终必填：还没有验收，先以“未验收”占位，验收后随隐患重新上报']),
  );
  return {
    row: { ...Object.fromEntries(members), ...enterprise },
    faults: [],
    ...(placeholders.length > 0 && { placeholders }),
  };
}

const COMPANY_CODE = /^\d{9}$/;
type Codes = Readonly<Record<string, CreditCode>>;

/**
 * The enterprise that a platform's code names. Beside a credit code it may be one that nobody knows, but not where another code is that
 * enterprise's.
 */
function companyOf(table: ExchangeTable, code: string, creditCode: unknown, codes: Codes): CreditCode | RowFault | undefined {
  if (!COMPANY_CODE.test(code)) return faultAt(table, 'creditCode', ['not-a-company-code', '的企业编码应为 9 位数字']);
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined;
  const isWrong =
    known === undefined
      ? isBlank(creditCode) || Object.values(codes).some((each) => each === creditCode)
      : !isBlank(creditCode) && known !== creditCode;
  if (!isWrong) return known;
  return faultAt(table, 'creditCode', ['no-company-code', '与企业编码对不上，请在编码对照表中补上或改正']);
}

/**
 * What a platform sent, as the core has it: what its cells say is not judged here, only whether it is the platform's form. Platforms send nothing as
 * nothing, and codes as numbers.
 */
export function fromPlatform(table: ExchangeTable, raw: RawRow, profile: Profile, codes: Codes): Written {
  const coreName = new Map(
    TABLES[table].columns.flatMap(({ name }) => (profile.lacks.includes(name) ? [] : [[nameOn(profile, name), name]])),
  );
  const faults: RowFault[] = [];
  const row: Record<string, unknown> = {};
  for (const [theirs, value] of Object.entries(raw)) {
    if (theirs === COMPANY && profile.enterprise !== 'credit-code') {
      if (value === null || isBlank(value)) continue;
      const beside = profile.enterprise === 'both' ? raw.creditCode : undefined;
      const company = companyOf(table, String(value), beside, codes);
      if (typeof company === 'object') faults.push(company);
      else if (profile.enterprise === 'code') row.creditCode = company;
      continue;
    }
    const column = TABLES[table].columns.find(({ name }) => name === coreName.get(theirs));
    if (column === undefined) faults.push(unknownColumn(table, theirs));
    else if (value !== null && !isBlank(value)) {
      const text = typeof value === 'number' && column.kind !== 'integer' ? String(value) : value;
      row[column.name] = typeof text === 'string' ? read(column, text) : text;
    }
  }
  if (faults.length > 0) return { faults };
  const isPlaceholder = profile.acceptance === 'always' && row.dangerState !== ACCEPTED && row.checkAcceptPerson === NOT_ACCEPTED;
  return {
    row: isPlaceholder ? Object.fromEntries(Object.entries(row).filter(([name]) => !ACCEPTANCE.includes(name))) : row,
    faults: [],
  };
}

/** Whatever is beyond Latin. */
const CHINESE = /[\u0100-\u{10ffff}]/u;
const widthOf = (text: string, wide: Profile['widthOfChinese']): number =>
  [...text].reduce((sum, character) => sum + (CHINESE.test(character) ? wide : 1), 0);

const ACCEPTANCE = ['checkAcceptPerson', 'checkAcceptTime', 'checkAcceptComment'];
const NOT_ACCEPTED = '未验收';

/** A case that nobody has accepted yet, where the platform asks all the same who did. */
const isAwaited = (table: ExchangeTable, row: ExchangeRow, { acceptance }: Profile): boolean =>
  table === 'hazard' &&
  acceptance === 'always' &&
  !isDeleted(row) &&
  row.dangerState !== ACCEPTED &&
  ACCEPTANCE.every((name) => row[name] === undefined);

/** As of the row's last change nobody has. */
const notAccepted = ({ updateDate }: ExchangeRow): ExchangeRow => ({
  ...{ checkAcceptPerson: NOT_ACCEPTED, checkAcceptTime: String(updateDate), checkAcceptComment: NOT_ACCEPTED },
});

/** What the platform asks beyond the core. */
function faultsFor(table: ExchangeTable, row: ExchangeRow, profile: Profile): RowFault[] {
  const { widthOfChinese, acceptance, lacks } = profile;
  const faults = [...checkRow(table, row).faults];
  for (const name of lacks) {
    if (row[name] !== undefined)
      faults.push(faultAt(table, name, ['no-such-column', '在该平台上没有这一列，请在平台上另行补充']));
  }
  if (row.dangerState === UNCONFIRMED) {
    faults.push(faultAt(table, 'dangerState', ['not-a-code', '在该平台上没有“待确认”，请先定级，改为“整改中”后再上报']));
  }
  if (isDeleted(row)) return faults;
  for (const { name, kind, most = Number.POSITIVE_INFINITY } of TABLES[table].columns) {
    const value = row[name];
    if (kind === 'text' && typeof value === 'string' && widthOf(value, widthOfChinese) > most && [...value].length <= most) {
      faults.push(faultAt(table, name, ['too-long', `在该平台上汉字按两个字计，最多 ${most} 个字，请精简`]));
    }
  }
  if (table !== 'hazard' || acceptance === 'when-accepted' || isAwaited(table, row, profile)) return faults;
  for (const name of ACCEPTANCE) {
    if (row[name] === undefined) faults.push(faultAt(table, name, ['missing', '该平台始终必填']));
  }
  return faults;
}
