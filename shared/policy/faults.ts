/** What a form cannot say: whether the parts of a policy fit each other. Each fault has its place and a sentence. */
import { ACCESS } from '../domain/access.ts';
import { CADENCES } from '../domain/calendar.ts';
import { MOST_IN_A_ROUND } from '../domain/check-round.ts';
import { COLOURS } from '../domain/colour.ts';
import { bandFaults, compareDecimals, TABLE_METHODS } from '../domain/grading.ts';
import { type Limit, limitMs } from '../domain/limit.ts';
import { isRule } from './rule.ts';
import type { PolicyDocument } from './schema.ts';

export interface Fault {
  /** The path in the document: `grading.tables.LS.bands[2].from`. */
  readonly at: string;
  readonly says: string;
}

/** Every rule of a document with its path. */
function* rulesIn(node: unknown, path: string): Generator<{ path: string; basis: { clause: string } }> {
  if (typeof node !== 'object' || node === null) return;
  if (isRule(node)) yield { path, basis: node.basis };
  for (const [key, child] of Object.entries(node)) {
    if (!(isRule(node) && key === 'basis')) yield* rulesIn(child, path === '' ? key : `${path}.${key}`);
  }
}

function* clauseFaults(policy: PolicyDocument): Generator<Fault> {
  for (const { path, basis } of rulesIn(policy, '')) {
    if (!Object.hasOwn(policy.clauses, basis.clause)) {
      yield { at: `${path}.basis.clause`, says: `${policy.number}没有条款 ${basis.clause}` };
    }
  }
}

function* windowFaults(policy: PolicyDocument): Generator<Fault> {
  const uses = [
    ...COLOURS.map((colour) => [`selfChecks.${colour}`, policy.selfChecks[colour].every] as const),
    ...COLOURS.map((colour) => [`randomChecks.${colour}`, policy.randomChecks[colour].every] as const),
    ['supervision.government', policy.supervision.government.every] as const,
    ['supervision.department', policy.supervision.department.every] as const,
    ['monthlyList', policy.monthlyList.every] as const,
  ];
  for (const [path, cadence] of uses) {
    if (policy.windows[cadence] === undefined)
      yield { at: `${path}.every`, says: `周期 ${cadence} 没有写明起止（windows.${cadence}）` };
  }
  for (const [name, checks] of [
    ['selfChecks', policy.selfChecks],
    ['randomChecks', policy.randomChecks],
  ] as const) {
    for (const [index, colour] of COLOURS.entries()) {
      const above = COLOURS[index - 1];
      if (above === undefined) continue;
      if (CADENCES.indexOf(checks[colour].every) < CADENCES.indexOf(checks[above].every)) {
        yield { at: `${name}.${colour}.every`, says: `${colour} 的周期比更严重的 ${above} 还短` };
      }
    }
  }
  for (const colour of COLOURS) {
    const { every } = policy.selfChecks[colour];
    if (policy.reminders.checks.beforeEnd[every] === undefined) {
      yield {
        at: `reminders.checks.beforeEnd.${every}`,
        says: `${colour} 每${policy.windows[every]?.name ?? every}排查，却没有写周期结束前多久提醒`,
      };
    }
  }
}

function* gradingFaults({ grading }: PolicyDocument): Generator<Fault> {
  for (const method of TABLE_METHODS) {
    const table = grading.tables[method];
    const at = `grading.tables.${method}`;
    const ids = method === 'LS' ? ['L', 'S'] : method === 'LEC' ? ['L', 'E', 'C'] : ['M', 'E', 'S'];
    if (table.factors.map(({ id }) => id).join() !== ids.join()) {
      yield { at: `${at}.factors`, says: `${method} 的因素依次为 ${ids.join('、')}` };
      continue;
    }
    for (const [index, { values }] of table.factors.entries()) {
      for (const [place, { value }] of values.entries()) {
        const before = values[place - 1];
        if (compareDecimals(value, '0') <= 0)
          yield { at: `${at}.factors[${index}].values[${place}].value`, says: '取值须大于零' };
        if (before !== undefined && compareDecimals(before.value, value) <= 0) {
          yield {
            at: `${at}.factors[${index}].values[${place}].value`,
            says: `取值须从大到小且不重复，${value} 排在 ${before.value} 之后`,
          };
        }
      }
    }
    for (const { index, says } of bandFaults(table)) yield { at: `${at}.bands[${index}]`, says };
  }
}

function* rangeFaults(policy: PolicyDocument): Generator<Fault> {
  const { keyUnits, pilots, hazards, suspension } = policy;
  const ranges = [
    ['pilots', pilots] as const,
    ['keyUnits.prefecture.areas', keyUnits.prefecture.areas] as const,
    ['keyUnits.county.areas', keyUnits.county.areas] as const,
  ];
  for (const [path, { atLeast, atMost }] of ranges) {
    if (atLeast > atMost) yield { at: `${path}.atLeast`, says: `下限 ${atLeast} 大于上限 ${atMost}` };
  }
  if (limitMs(suspension.shortest.limit) > limitMs(suspension.longest.limit)) {
    yield { at: 'suspension.shortest.limit', says: '停产检修的最短期限比最长期限还长' };
  }
  for (const level of ['general', 'major'] as const) {
    const { rectify, extension } = hazards[level];
    const at = `hazards.${level}`;
    if (limitMs(rectify.limit) > limitMs(rectify.longest)) yield { at: `${at}.rectify.limit`, says: '默认期限比最长期限还长' };
    if (limitMs(extension.answeredWithin) > limitMs(extension.askedBefore)) {
      yield { at: `${at}.extension.answeredWithin`, says: '答复期限比申请提前量还长，到期时可能还没有答复' };
    }
    if (limitMs(extension.askedBefore) >= limitMs(rectify.limit)) {
      yield { at: `${at}.extension.askedBefore`, says: '申请提前量不短于整改期限，没有机会申请延期' };
    }
    yield* ladderFaults(hazards.escalation[level], `hazards.escalation.${level}`);
  }
}

/** Whose people sign which list, and by which operation of the access table. */
const SIGNING = {
  ENT: { people: /^head$/, signs: ACCESS.SignRiskList, says: '企业清单只能由企业负责人签字' },
  TOWN: { people: /^township-/, signs: ACCESS.SignAreaList, says: '乡镇（街道）清单只能由其政府负责人签字' },
  DEPT: { people: /^department-/, signs: ACCESS.SignAreaList, says: '部门清单只能由部门负责人签字' },
} as const;

/** Values that a form allows and nothing would act on: what a county is told it has, it has. */
function* ignoredFaults({ windows, signing, checks, evidence }: PolicyDocument): Generator<Fault> {
  for (const [cadence, window] of Object.entries(windows)) {
    if (window.basis.origin === 'overlay') {
      yield { at: `windows.${cadence}`, says: '周期的起止由系统的日历按固定窗口计算，县（市）不能修订' };
    }
  }
  for (const kind of ['ENT', 'TOWN', 'DEPT'] as const) {
    const { people, signs, says } = SIGNING[kind];
    for (const [index, role] of signing[kind].roles.entries()) {
      if (!people.test(role) || !Object.hasOwn(signs, role)) yield { at: `signing.${kind}.roles[${index}]`, says };
    }
  }
  const { points, hazards, text, evidence: items } = MOST_IN_A_ROUND;
  for (const [at, value, most] of [
    ['checks.round.points', checks.round.points, points],
    ['checks.round.hazards', checks.round.hazards, hazards],
    ['checks.texts.description', checks.texts.description, text],
    ['checks.texts.reason', checks.texts.reason, text],
    ['evidence.perItem', evidence.perItem, items],
  ] as const) {
    if (value > most) yield { at, says: `${value} 超过接口一次能接收的 ${most}` };
  }
}

type Ladder = PolicyDocument['drawing']['escalation'];

function* ladderFaults({ levels, thenEvery }: Ladder, at: string): Generator<Fault> {
  let before: Limit | undefined;
  for (const [index, { after }] of levels.entries()) {
    if (before !== undefined && limitMs(after) <= limitMs(before)) {
      yield { at: `${at}.levels[${index}].after`, says: '逐级上报的时间须一级比一级晚' };
    }
    before = after;
  }
  if (limitMs(thenEvery) === 0) yield { at: `${at}.thenEvery`, says: '重复上报的间隔须大于零' };
}

function* codeFaults({
  accidents,
  industries,
  industryLists,
  departments,
  noticeCard,
  evidence,
}: PolicyDocument): Generator<Fault> {
  const { editions, mapping, inUse } = accidents;
  if (!Object.hasOwn(editions, inUse.edition))
    yield { at: 'accidents.inUse.edition', says: `没有载入事故类别版本 ${inUse.edition}` };
  const [from, to] = [editions[mapping.from], editions[mapping.to]];
  if (from === undefined || to === undefined) yield { at: 'accidents.mapping', says: '对照的两个版本须都已载入' };
  else {
    for (const code of Object.keys(from)) {
      if (mapping.codes[code] === undefined) yield { at: `accidents.mapping.codes.${code}`, says: `旧版类别 ${code} 没有对应` };
    }
    for (const [code, targets] of Object.entries(mapping.codes)) {
      if (from[code] === undefined) yield { at: `accidents.mapping.codes.${code}`, says: `${mapping.from}没有类别 ${code}` };
      for (const target of targets) {
        if (to[target] === undefined) yield { at: `accidents.mapping.codes.${code}`, says: `${mapping.to}没有类别 ${target}` };
      }
      if (targets.length > 1 && !mapping.needsPerson.includes(code)) {
        yield { at: 'accidents.mapping.needsPerson', says: `类别 ${code} 有几个对应，须由人选定` };
      }
    }
  }
  for (const [code, { department }] of Object.entries(industries.values)) {
    if (departments.values[department] === undefined) {
      yield { at: `industries.values.${code}.department`, says: `没有部门 ${department}` };
    }
  }
  for (const list of ['focus', 'plan', 'pilot', 'warning'] as const) {
    for (const [index, code] of industryLists[list].industries.entries()) {
      if (industries.values[code] === undefined)
        yield { at: `industryLists.${list}.industries[${index}]`, says: `没有行业 ${code}` };
    }
  }
  if (new Set(noticeCard.fields).size !== Object.keys(noticeCard.names).length) {
    yield { at: 'noticeCard.fields', says: '告知卡七项须各出现一次' };
  }
  if (Object.keys(evidence.types).length === 0) yield { at: 'evidence.types', says: '至少允许一种证据文件' };
}

const DAY_MS = 86_400_000;

/** Draws: announced long enough before they are drawn, quotas that are shares of what there is, a kind of draw for every kind of supervision. */
function* drawingFaults({ drawing, industries, supervision }: PolicyDocument): Generator<Fault> {
  const { calendar, quotas, weights } = drawing;
  if (limitMs(calendar.ahead) < DAY_MS) yield { at: 'drawing.calendar.ahead', says: '公告至抽取不得少于24小时' };
  if ((calendar.drawOn - calendar.announceOn) * DAY_MS < limitMs(calendar.ahead)) {
    yield { at: 'drawing.calendar.drawOn', says: '抽取日与公告日之间不足规定的提前量' };
  }
  for (const [index, quota] of quotas.rules.entries()) {
    const at = `drawing.quotas.rules[${index}]`;
    if ('share' in quota && quota.share.of > quota.share.in) yield { at: `${at}.share`, says: '抽取比例大于全部' };
    if (quota.industry !== undefined && quota.industry !== 'area' && industries.values[quota.industry] === undefined) {
      yield { at: `${at}.industry`, says: `没有行业 ${quota.industry}` };
    }
  }
  for (const family of ['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE'] as const) {
    const holds = quotas.rules.some(
      ({ kinds, colour, industry, township }) => kinds.includes(family) && (colour ?? industry ?? township) === undefined,
    );
    if (!holds) yield { at: 'drawing.quotas.rules', says: `${family} 没有对全部对象适用的抽取比例或数量` };
  }
  if (weights.keyUnit < weights.plain || weights.openMajorHazard < weights.plain) {
    yield { at: 'drawing.weights', says: '重点对象的中签机会小于一般对象' };
  }
  yield* ladderFaults(drawing.escalation, 'drawing.escalation');
  yield* ladderFaults(supervision.gridGaps.escalation, 'supervision.gridGaps.escalation');
}

/** Every enterprise has one row of the monthly form, and every row comes into the sum once. */
function* formFaults({ exports: { form }, industries }: PolicyDocument): Generator<Fault> {
  const at = 'exports.form.rows';
  const [codes, named] = [new Set<string>(), new Set<string>()];
  const above = new Map(form.rows.map(({ code, within }) => [code, within]));
  if (form.rows.filter((row) => row.industries === 'rest').length !== 1)
    yield { at, says: '须有且只有一行收入其余行业（rest），否则有企业漏报或重报' };
  for (const [index, { code, within, industries: own }] of form.rows.entries()) {
    const place = `${at}[${index}]`;
    if (codes.has(code)) yield { at: `${place}.code`, says: `代码 ${code} 出现两次` };
    codes.add(code);
    for (const industry of typeof own === 'string' ? [] : own) {
      if (industries.values[industry] === undefined) yield { at: `${place}.industries`, says: `没有行业 ${industry}` };
      if (named.has(industry)) yield { at: `${place}.industries`, says: `行业 ${industry} 已列入另一行` };
      named.add(industry);
    }
    if (within === undefined) continue;
    if (!above.has(within)) yield { at: `${place}.within`, says: `没有代码为 ${within} 的行` };
    else if (isBelowItself(code, above)) yield { at: `${place}.within`, says: `${code} 行层层归入自己` };
    const whole = form.rows.find((row) => row.code === within);
    if (whole !== undefined && whole.industries.length > 0)
      yield { at: `${place}.within`, says: `${within} 行是各分项之和，不能另列行业` };
  }
}

function isBelowItself(code: string, above: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let up = above.get(code); up !== undefined && !seen.has(up); up = above.get(up)) {
    if (up === code) return true;
    seen.add(up);
  }
  return false;
}

/** Everything that does not fit, in the order of the document's parts. */
export const faultsOf = (policy: PolicyDocument): Fault[] => [
  ...clauseFaults(policy),
  ...windowFaults(policy),
  ...gradingFaults(policy),
  ...rangeFaults(policy),
  ...ignoredFaults(policy),
  ...codeFaults(policy),
  ...drawingFaults(policy),
  ...formFaults(policy),
];
