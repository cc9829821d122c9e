/**
 * How a risk gets its grade (policy 二(二)): by a table of factors (LEC, LS, MES) or by experts who answer for it with their names;
 * beside both, a listed situation may set a higher grade directly (P13), never a lower one. The tables come in as arguments, and a
 * grade keeps the edition of the table that gave it. What does not fit is refused: nothing is ever graded "low" for want of an answer.
 */
import { COLOURS, type Colour, isGraver } from './colour.ts';

export const TABLE_METHODS = ['LEC', 'LS', 'MES'] as const;
export type TableMethod = (typeof TABLE_METHODS)[number];
export const METHODS = [...TABLE_METHODS, 'EXPERTS'] as const;
export type Method = (typeof METHODS)[number];

/** A value that a factor may have; a decimal text such as `0.5`. No other value is accepted, nor is one between two. */
export interface FactorValue {
  readonly value: string;
  readonly says: string;
}

export interface Factor {
  readonly id: string;
  readonly name: string;
  readonly values: readonly FactorValue[];
}

/** A colour and the lowest product that has it. Bands go from the gravest colour down; each ends where the one before begins. */
export interface Band {
  readonly from: string;
  readonly colour: Colour;
}

export interface GradingTable {
  readonly edition: string;
  /** The letter that the product goes by, `D` or `R`. */
  readonly product: string;
  readonly factors: readonly Factor[];
  readonly bands: readonly Band[];
}

export interface GradingRules {
  readonly tables: Readonly<Record<TableMethod, GradingTable>>;
  readonly experts: { readonly atLeast: number };
  readonly grades: Readonly<Record<Colour, { readonly name: string; readonly colour: string }>>;
}

/** A listed situation sets the grade at once. */
export interface DirectDetermination {
  readonly colour: Colour;
  readonly reason: string;
  /** The clause and the edition that list the situation. */
  readonly citation: string;
}

/** What the assessors write down. */
export type Assessment =
  | {
      readonly method: TableMethod;
      /** Factor → value as the table lists it. */
      readonly factors: Readonly<Record<string, string>>;
      readonly determination?: DirectDetermination | undefined;
    }
  | {
      readonly method: 'EXPERTS';
      readonly colour: Colour;
      readonly experts: readonly string[];
      readonly reason: string;
      readonly determination?: DirectDetermination | undefined;
    };

interface Graded {
  readonly colour: Colour;
  /** One line in Chinese: how the colour came about. */
  readonly explanation: string;
  readonly determination?: DirectDetermination;
}

/** A grade with everything it was given for. */
export type Grade = Graded &
  (
    | {
        readonly method: TableMethod;
        readonly edition: string;
        readonly factors: readonly {
          readonly id: string;
          readonly name: string;
          readonly value: string;
          readonly says: string;
        }[];
        /** Exact, as decimal text. */
        readonly product: string;
      }
    | { readonly method: 'EXPERTS'; readonly experts: readonly string[]; readonly reason: string }
  );

export type GradingRefusal =
  | 'unknown-method'
  | 'missing-factor'
  | 'unknown-factor'
  | 'unlisted-value'
  | 'too-few-experts'
  | 'no-reason'
  | 'determination-without-citation'
  | 'determination-not-upward';

export type Outcome =
  | { readonly kind: 'graded'; readonly grade: Grade }
  | {
      readonly kind: 'refused';
      readonly reason: GradingRefusal;
      /** The factor in question. */
      readonly factor?: string;
      /** What may stand there instead. */
      readonly allowed?: readonly string[];
      /** A sentence that an assessor can act on. */
      readonly says: string;
    };

/** A decimal as an integer of its last place. */
interface Exact {
  readonly units: bigint;
  readonly places: number;
}

const DECIMAL = /^(?:0|[1-9]\d*)(?:\.(\d+))?$/;

function exact(decimal: string): Exact {
  const match = DECIMAL.exec(decimal);
  if (match === null) throw new RangeError(`${JSON.stringify(decimal.slice(0, 40))} is not a decimal`);
  return { units: BigInt(decimal.replace('.', '')), places: match[1]?.length ?? 0 };
}

const times = (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, places: a.places + b.places });

function isAtLeast(a: Exact, b: Exact): boolean {
  const places = Math.max(a.places, b.places);
  const scaled = ({ units, places: own }: Exact): bigint => units * 10n ** BigInt(places - own);
  return scaled(a) >= scaled(b);
}

/** Without superfluous zeros: `270`, `0.05`. */
function decimalText({ units, places }: Exact): string {
  const digits = units.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

const productOf = (values: readonly string[]): Exact =>
  values.reduce((product, value) => times(product, exact(value)), { units: 1n, places: 0 });

/** Compares two decimal texts by value: negative, zero or positive. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = [exact(a), exact(b)];
  return isAtLeast(left, right) ? (isAtLeast(right, left) ? 0 : 1) : -1;
}

/** The smallest and the greatest product that a table's factors can give. */
export function productRange({ factors }: GradingTable): { least: string; greatest: string } {
  const extremes = factors.map(({ values }) => {
    const sorted = values.map(({ value }) => value).sort(compareDecimals);
    return [sorted[0] ?? '0', sorted.at(-1) ?? '0'] as const;
  });
  return {
    least: decimalText(productOf(extremes.map(([least]) => least))),
    greatest: decimalText(productOf(extremes.map(([, greatest]) => greatest))),
  };
}

/** The colour of a product. A product below every band means a table that has a gap, which is our mistake and no low risk. */
export function colourOf(bands: readonly Band[], product: string): Colour {
  const value = exact(product);
  const band = bands.find(({ from }) => isAtLeast(value, exact(from)));
  if (band === undefined) throw new RangeError(`no band holds ${product}`);
  return band.colour;
}

const refused = (
  reason: GradingRefusal,
  says: string,
  place: { factor?: string; allowed?: readonly string[] } = {},
): Outcome => ({
  kind: 'refused',
  reason,
  says,
  ...place,
});

const inWords = (rules: GradingRules, colour: Colour): string => `${rules.grades[colour].name}（${rules.grades[colour].colour}）`;

function gradeByTable(method: TableMethod, chosen: Readonly<Record<string, string>>, rules: GradingRules): Outcome {
  const table = rules.tables[method];
  const stranger = Object.keys(chosen).find((id) => !table.factors.some((factor) => factor.id === id));
  if (stranger !== undefined) {
    return refused('unknown-factor', `${method} 没有因素 ${stranger}`, {
      factor: stranger,
      allowed: table.factors.map(({ id }) => id),
    });
  }
  const factors: { id: string; name: string; value: string; says: string }[] = [];
  for (const { id, name, values } of table.factors) {
    const place = { factor: id, allowed: values.map(({ value }) => value) };
    const value = Object.hasOwn(chosen, id) ? chosen[id] : undefined;
    if (value === undefined || value === '') return refused('missing-factor', `缺少因素 ${id}（${name}）的取值`, place);
    const listed = values.find((candidate) => candidate.value === value);
    if (listed === undefined) {
      return refused('unlisted-value', `${id}（${name}）不能取 ${value}，只能取 ${place.allowed.join('、')}`, place);
    }
    factors.push({ id, name, value, says: listed.says });
  }
  const product = decimalText(productOf(factors.map(({ value }) => value)));
  const colour = colourOf(table.bands, product);
  const sum = `${table.product}＝${factors.map(({ value }) => value).join('×')}＝${product}`;
  return {
    kind: 'graded',
    grade: {
      method,
      edition: table.edition,
      factors,
      product,
      colour,
      explanation: `${method}：${sum}，评定为${inWords(rules, colour)}`,
    },
  };
}

function gradeByExperts(colour: Colour, names: readonly string[], reason: string, rules: GradingRules): Outcome {
  const experts = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  if (experts.length < rules.experts.atLeast) {
    return refused('too-few-experts', `专家直接确定等级须写明至少${rules.experts.atLeast}名专家的姓名`);
  }
  if (reason.trim() === '') return refused('no-reason', '专家直接确定等级须写明理由');
  // By their number: names stand in `experts` alone, of which events hold commitments.
  const explanation = `${experts.length}名专家确定为${inWords(rules, colour)}：${reason.trim()}`;
  return { kind: 'graded', grade: { method: 'EXPERTS', experts, reason: reason.trim(), colour, explanation } };
}

function determine(grade: Grade, determination: DirectDetermination, rules: GradingRules): Outcome {
  const { colour, reason, citation } = determination;
  if (reason.trim() === '' || citation.trim() === '') {
    return refused('determination-without-citation', '直接判定须写明情形和依据的条款');
  }
  if (!isGraver(colour, grade.colour)) {
    return refused(
      'determination-not-upward',
      `直接判定只能从严：已评定为${inWords(rules, grade.colour)}，不能判定为${inWords(rules, colour)}`,
    );
  }
  const explanation = `${grade.explanation}；依据${citation}直接判定为${inWords(rules, colour)}：${reason}`;
  return { kind: 'graded', grade: { ...grade, colour, determination, explanation } };
}

/** Grades one assessment. */
export function gradeRisk(assessment: Assessment, rules: GradingRules): Outcome {
  if (!METHODS.includes(assessment.method)) {
    return refused('unknown-method', `没有评估方法 ${String(assessment.method)}，只能用 ${METHODS.join('、')}`, {
      allowed: METHODS,
    });
  }
  const outcome =
    assessment.method === 'EXPERTS'
      ? gradeByExperts(assessment.colour, assessment.experts, assessment.reason, rules)
      : gradeByTable(assessment.method, assessment.factors, rules);
  if (outcome.kind === 'refused' || assessment.determination === undefined) return outcome;
  return determine(outcome.grade, assessment.determination, rules);
}

/** Controls do not make a risk graver: a residual grade above the inherent one is a slip of the pen. */
export const isResidualAllowed = (inherent: Colour, residual: Colour): boolean => !isGraver(residual, inherent);

/** What is wrong with a table's bands: `index` of the band, or of the end of the list. None: every product has exactly one colour. */
export function bandFaults(table: GradingTable): { index: number; says: string }[] {
  const faults: { index: number; says: string }[] = [];
  const { least, greatest } = productRange(table);
  for (const [index, { from, colour }] of table.bands.entries()) {
    const above = table.bands[index - 1];
    if (above !== undefined && compareDecimals(from, above.from) >= 0) {
      faults.push({ index, says: `与上一档重叠：起点 ${from} 不低于上一档的起点 ${above.from}` });
    }
    if (compareDecimals(from, greatest) > 0)
      faults.push({ index, says: `起点 ${from} 超过最大乘积 ${greatest}，没有风险能落入此档` });
    if (colour !== COLOURS[index])
      faults.push({ index, says: `第${index + 1}档应为 ${COLOURS[index] ?? '无'}，写成了 ${colour}` });
  }
  const last = table.bands.at(-1);
  if (table.bands.length < COLOURS.length) {
    faults.push({ index: table.bands.length, says: `缺 ${COLOURS.slice(table.bands.length).join('、')} 一档，有的乘积没有颜色` });
  }
  if (last !== undefined && compareDecimals(last.from, least) > 0) {
    faults.push({
      index: table.bands.length - 1,
      says: `${least} 至 ${last.from} 之间有空档：最低一档须从不高于最小乘积 ${least} 处开始`,
    });
  }
  return faults;
}
