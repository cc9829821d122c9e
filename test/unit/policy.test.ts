import { readdirSync, readFileSync } from 'node:fs';
import { submitRound } from '../../functions/submit-round/api.ts';
import { type Cadence, dayOf, instant, periodAt, plusMs, windowOf } from '../../shared/domain/calendar.ts';
import { MOST_IN_A_ROUND } from '../../shared/domain/check-round.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { compileRoundPolicies, isRoundPolicyFresh } from '../../shared/policy/compile.ts';
import type { Fault } from '../../shared/policy/faults.ts';
import {
  COUNTIES,
  cadenceOf,
  PolicyRefused,
  policiesOf,
  policyFor,
  readCounty,
  readPolicy,
  whyCheck,
} from '../../shared/policy/load.ts';
import { roundPolicyFor, roundPolicyOf } from '../../shared/policy/round-policy.ts';
import { isRule } from '../../shared/policy/rule.ts';
import { countySchema, laterSchema, policySchema } from '../../shared/policy/schema.ts';

const policyFile = (name: string): URL => new URL(`../../shared/policy/${name}`, import.meta.url);
const readJson = (name: string) => JSON.parse(readFileSync(policyFile(name), 'utf8'));
const ruili = countyCode('533102');
const at = instant('2026-03-10T00:00:00Z');
const policy = policyFor(ruili, at);

/** The policy's text by clause: `二(五)` → what stands from its heading to the next. */
function clausesOfTheText(): Map<string, string> {
  const clauses = new Map<string, string>();
  let [chapter, clause] = ['', ''];
  for (const line of readFileSync(policyFile('sources/dehong-2016-no7.txt'), 'utf8').split('\n')) {
    chapter = /^([一二三四])、/.exec(line)?.[1] ?? chapter;
    const number = /^（([一二三四五六])）/.exec(line)?.[1];
    if (number !== undefined) clause = `${chapter}(${number})`;
    if (line.startsWith('各地要把建立双重预防机制工作情况纳入')) clause = '末段';
    clauses.set(clause, (clauses.get(clause) ?? '') + line.replace(/\s/g, ''));
  }
  return clauses;
}

/** Every rule of a document, with its path. */
function rulesOf(node: unknown, path = ''): { path: string; basis: { origin: string; clause: string; quote?: string } }[] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.entries(node).flatMap(([key, child]) => rulesOf(child, `${path}.${key}`));
  return isRule(node) ? [{ path, basis: node.basis }, ...inside] : inside;
}

/** The faults with which a changed document is refused. */
function faultsAfter(change: (document: ReturnType<typeof readJson>) => void): readonly Fault[] {
  const document = readJson('dehong-2016-7.json');
  change(document);
  try {
    readPolicy(document, 'changed.json');
  } catch (error) {
    if (error instanceof PolicyRefused) return error.faults;
    throw error;
  }
  return [];
}

describe('the text', () => {
  test('every rule that is said to be the policy’s stands word for word in its clause', () => {
    const clauses = clausesOfTheText();
    const rules = rulesOf(readJson('dehong-2016-7.json')).filter(({ basis }) => basis.origin === 'policy');
    const astray = rules.filter(({ basis }) => !clauses.get(basis.clause)?.includes((basis.quote ?? '缺').replace(/\s/g, '')));
    expect(astray).toEqual([]);
    expect(rules.length).toBeGreaterThan(50);
  });

  test('every sentence of the text that asks for something stands behind a rule, which says so in its words', () => {
    const quotes = rulesOf(readJson('dehong-2016-7.json')).flatMap(({ basis: { quote } }) => quote?.replace(/\s/g, '') ?? []);
    const clauses = clausesOfTheText();
    // Its beginning and its general aims ask for nothing in particular.
    for (const general of ['', '一(一)']) clauses.delete(general);
    const sentences = [...clauses.values()].flatMap((text) =>
      text
        .replace(/（\d{4}年\d+月\d+日前?完成）.*$/, '')
        .replace(/^（[一二三四五六]）[^。]*。/, '')
        .replace(/德宏州安全生产委员会办公室\d{4}年.*$/, '')
        .split('。')
        .filter((sentence) => /[^一二三四、]/.test(sentence) && !/^[一二三四]、[^，]*$/.test(sentence)),
    );
    expect(sentences.filter((sentence) => !quotes.some((quote) => sentence.includes(quote.replace(/。$/, ''))))).toEqual([]);
    expect(sentences.length).toBeGreaterThan(35);
  });

  test('its milestones are the dates of the text, each at its clause', () => {
    const dated = [...clausesOfTheText()].flatMap(([clause, text]) =>
      [...text.matchAll(/（(\d{4})年(\d+)月(\d+)日前?完成）/g)].map(
        ([, year, month = '', day = '']) => `${clause} ${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
      ),
    );
    const milestones = Object.values(policy.milestones).map(({ due, why }) => `${why.clause} ${due}`);
    expect(milestones.sort()).toEqual(dated.sort());
    expect(dated).toHaveLength(6);
  });

  test('every clause of the text is known, with its heading, and no other', () => {
    const clauses = clausesOfTheText();
    clauses.delete('');
    expect(Object.keys(policy.clauses).sort()).toEqual([...clauses.keys()].sort());
    for (const [clause, heading] of Object.entries(policy.clauses)) expect(clauses.get(clause)).toContain(heading);
  });

  test('where the policy gives no number, the default says that it is ours and why', () => {
    expect(policy.hazards.general.rectify.why).toEqual({
      rule: 'hazards.general.rectify',
      clause: '二(五)',
      edition: '德安办〔2016〕7号未规定，系统默认第1版',
      origin: 'ours',
      says: '一般隐患限期整改，未写期限的为7天，最长15天',
    });
  });
});

describe('what the policy says', () => {
  test('red is checked daily, orange weekly, yellow half-monthly, blue monthly, and each says why (二(五))', () => {
    expect(COLOURS.map((colour) => cadenceOf(policy, colour))).toEqual(['day', 'week', 'half-month', 'month']);
    expect(whyCheck(policy, 'RED')).toEqual({
      rule: 'selfChecks.RED',
      clause: '二(五)',
      edition: '德安办〔2016〕7号',
      origin: 'policy',
      says: '红色风险点一天一排查',
    });
  });

  test('a random check comes monthly, two-monthly, quarterly and yearly (三(四))', () => {
    expect(COLOURS.map((colour) => policy.randomChecks[colour].every)).toEqual(['month', 'two-month', 'quarter', 'year']);
  });

  test('a half-month is 1–15 and 16–end, two months begin in January, and both sentences say so (D1, D3)', () => {
    const window = (cadence: Cadence, day: string) => {
      const { from, until } = windowOf(cadence, periodAt(cadence, instant(`${day}T12:00:00+08:00`)));
      return [dayOf(from), dayOf(plusMs(until, -1))];
    };
    expect(policy.windows['half-month']?.says).toBe('半月指每月1日至15日、16日至月末');
    expect(window('half-month', '2026-02-15')).toEqual(['2026-02-01', '2026-02-15']);
    expect(window('half-month', '2026-02-16')).toEqual(['2026-02-16', '2026-02-28']);
    expect(policy.windows['two-month']?.says).toBe('两月指一二月、三四月、五六月、七八月、九十月、十一十二月');
    for (const [day, first, last] of [
      ['2026-01-01', '2026-01-01', '2026-02-28'],
      ['2026-04-30', '2026-03-01', '2026-04-30'],
      ['2026-12-31', '2026-11-01', '2026-12-31'],
    ] as const)
      expect(window('two-month', day)).toEqual([first, last]);
  });

  test('each table of grades names its edition, and its sentence tells where its bands begin', () => {
    for (const table of Object.values(policy.grading.tables)) {
      expect(table.edition).toMatch(/./);
      for (const { from } of table.bands.filter(({ from }) => from !== '0')) expect(table.says).toContain(`${from}分以上`);
      expect(table.bands.map(({ colour }) => colour)).toEqual([...COLOURS]);
    }
    expect(new Set(Object.values(policy.grading.tables).map(({ edition }) => edition)).size).toBe(3);
  });

  test('五落实 are the five of 二(五), in their order', () => {
    expect(Object.values(policy.hazards.fiveItems.values)).toEqual(['责任', '措施', '资金', '时限', '预案']);
    expect(policy.hazards.fiveItems.why).toMatchObject({ clause: '二(五)', origin: 'policy' });
  });

  test('what is overdue is told upwards: the enterprise first, then township and department, then the county, at last the prefecture', () => {
    const told = (level: 'general' | 'major') => policy.hazards.escalation[level].levels.map(({ roles }) => [...roles]);
    expect(told('general')).toEqual([
      ['safety-manager', 'head'],
      ['township-officer', 'department-officer'],
      ['department-head', 'township-head'],
      ['committee-officer'],
    ]);
    expect(told('major')).toEqual([
      ['head', 'department-officer', 'township-officer'],
      ['department-head', 'township-head'],
      ['committee-officer'],
      ['government-head'],
      ['prefecture-officer'],
    ]);
  });

  test('quotas are 2–3 areas and 10 or 5 units (N15–N17)', () => {
    expect(policy.keyUnits.prefecture.units.eitherOf).toEqual({ enterprise: 10, section: 10 });
    expect(policy.keyUnits.county.units.eitherOf).toEqual({ enterprise: 5, section: 5 });
    expect(policy.keyUnits.county.areas).toMatchObject({ kind: 'township', atLeast: 2, atMost: 3 });
    expect(policy.pilots).toMatchObject({ atLeast: 1, atMost: 2 });
  });

  test('the notice card has its seven items in the order of 二(四)', () => {
    const { fields, names } = policy.noticeCard;
    expect(fields.map((field) => names[field])).toEqual([
      '主要安全风险',
      '可能引发事故隐患',
      '事故后果',
      '管控措施',
      '应急措施',
      '报告方式',
      '责任人',
    ]);
  });

  test('each grade is painted in its own colour: low risk is blue and never green, orange lies between red and yellow', () => {
    const hue = (tone: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((place) => Number.parseInt(tone.slice(place, place + 2), 16));
      const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
      const turn =
        most === r ? (g - b) / (most - least) : most === g ? 2 + (b - r) / (most - least) : 4 + (r - g) / (most - least);
      return (turn * 60 + 360) % 360;
    };
    const [red, orange, yellow, blue] = COLOURS.map((colour) => hue(policy.grades[colour].tone));
    expect(Math.min(red ?? 180, 360 - (red ?? 180))).toBeLessThan(12);
    expect(orange).toBeGreaterThan(20);
    expect(orange).toBeLessThan(40);
    expect(yellow).toBeGreaterThan(45);
    expect(yellow).toBeLessThan(62);
    expect(blue).toBeGreaterThan(200);
    expect(blue).toBeLessThan(250);
    expect(COLOURS.map((colour) => policy.grades[colour].colour)).toEqual(['红', '橙', '黄', '蓝']);
  });

  test('the accident types of GB 6441-2025 are those of the standard’s table, and GB 6441-1986 is in use', () => {
    const types: { code: string; name: string }[] = readJson('sources/gb6441_2025_types.json');
    expect(policy.accidents.editions['GB 6441-2025']).toEqual(Object.fromEntries(types.map(({ code, name }) => [code, name])));
    expect(Object.keys(policy.accidents.editions['GB 6441-1986'] ?? {})).toHaveLength(20);
    expect(policy.accidents.inUse.edition).toBe('GB 6441-1986');
  });

  test('the three lists of industries are those of the text, in its order', () => {
    const names = (list: 'focus' | 'plan' | 'pilot') =>
      policy.industryLists[list].industries.map((code) => policy.industries.values[code]?.name).join('、');
    const raw = readJson('dehong-2016-7.json').industryLists;
    for (const list of ['focus', 'plan', 'pilot'] as const) expect(raw[list].basis.quote).toContain(names(list));
  });
});

describe('what people read', () => {
  const IN_WORDS: Readonly<Record<number, string>> = { 1: '[1一]', 2: '[2两]', 365: '一年' };

  /** The numbers of a rule's values; nothing of its sentence, its basis and its reason. */
  const numbersOf = (node: unknown): number[] =>
    typeof node === 'number' ? [node] : typeof node === 'object' && node !== null ? Object.values(node).flatMap(numbersOf) : [];

  function sentences(node: unknown, path = ''): { path: string; says: string; numbers: number[] }[] {
    if (typeof node !== 'object' || node === null) return [];
    if (!isRule(node)) return Object.entries(node).flatMap(([key, child]) => sentences(child, `${path}.${key}`));
    const { says, basis: _, ...values } = node;
    return [{ path, says, numbers: numbersOf(values) }];
  }

  test('is what the rule says in numbers: no sentence tells another deadline than the one that runs', () => {
    const { hazards, checks, suspension, drawing, supervision, pilots, keyUnits, reminders } = readJson('dehong-2016-7.json');
    const { quiet, checks: opening, ...timed } = reminders;
    const told = sentences({ hazards, checks, suspension, drawing, supervision, pilots, keyUnits, timed });
    const astray = told.flatMap(({ path, says, numbers }) =>
      numbers
        .filter((number) => number > 0 && !new RegExp(`(?<!\\d)(?:${IN_WORDS[number] ?? number})(?!\\d)`).test(says))
        .map((number) => `${path}: ${number} is not in ${says}`),
    );
    expect(astray).toEqual([]);
    expect(told.length).toBeGreaterThan(30);
  });
});

describe('a policy that does not hold together is refused with the place', () => {
  const places = (change: (document: ReturnType<typeof readJson>) => void) => faultsAfter(change).map(({ at }) => at);

  test('every enterprise has one row of the monthly form, and every row comes into the sum once', () => {
    const row = { code: '5.2', name: '经营', industries: ['mine'], within: '5' };
    const rowsAfter = (change: (rows: Record<string, unknown>[]) => unknown) => places((p) => void change(p.exports.form.rows));
    expect(rowsAfter((rows) => rows.pop())).toEqual(['exports.form.rows']);
    expect(rowsAfter((rows) => rows.push(row))).toEqual(['exports.form.rows[11].code', 'exports.form.rows[11].industries']);
    expect(rowsAfter((rows) => Object.assign(rows[5] ?? {}, { within: '55' }))).toEqual(['exports.form.rows[5].within']);
    expect(rowsAfter((rows) => Object.assign(rows[4] ?? {}, { within: '5.2' }))).toEqual([
      'exports.form.rows[4].within',
      'exports.form.rows[6].within',
    ]);
    expect(rowsAfter((rows) => Object.assign(rows[5] ?? {}, { industries: ['unheard-of'] }))).toEqual([
      'exports.form.rows[5].industries',
    ]);
    expect(rowsAfter((rows) => Object.assign(rows[4] ?? {}, { industries: ['tourism'] }))).toEqual(
      [5, 6, 7].map((n) => `exports.form.rows[${n}].within`),
    );
  });

  test('a gap: the lowest band begins above the least product', () => {
    expect(faultsAfter((p) => Object.assign(p.grading.tables.LS.bands[3], { from: '2' }))).toEqual([
      { at: 'grading.tables.LS.bands[3]', says: '1 至 2 之间有空档：最低一档须从不高于最小乘积 1 处开始' },
    ]);
  });

  test('a shortest stop that is longer than the longest', () => {
    expect(places((p) => Object.assign(p.suspension.longest, { limit: { days: 0 } }))).toEqual(['suspension.shortest.limit']);
  });

  test('a missing band', () => {
    expect(places((p) => p.grading.tables.LEC.bands.pop())).toContain('grading.tables.LEC.bands[3]');
  });

  test('an overlap: a band that does not begin below the one above it', () => {
    expect(places((p) => Object.assign(p.grading.tables.LEC.bands[1], { from: '320' }))).toEqual(['grading.tables.LEC.bands[1]']);
  });

  test('a band that no product reaches', () => {
    expect(places((p) => Object.assign(p.grading.tables.LS.bands[0], { from: '26' }))).toEqual(['grading.tables.LS.bands[0]']);
  });

  test('a factor value twice', () => {
    expect(places((p) => Object.assign(p.grading.tables.MES.factors[0].values[1], { value: '5' }))).toEqual([
      'grading.tables.MES.factors[0].values[1].value',
    ]);
  });

  test('an unknown clause', () => {
    expect(places((p) => Object.assign(p.monthlyList.basis, { clause: '二(六)' }))).toEqual(['monthlyList.basis.clause']);
  });

  test('a cadence without a window', () => {
    expect(places((p) => delete p.windows['two-month'])).toEqual(['randomChecks.ORANGE.every']);
  });

  test('a cadence that the calendar does not know', () => {
    expect(places((p) => Object.assign(p.selfChecks.RED, { every: 'fortnight' }))).toEqual(['selfChecks.RED.every']);
  });

  test('a graver colour that is checked less often', () => {
    expect(places((p) => Object.assign(p.selfChecks.RED, { every: 'month' }))).toEqual(['selfChecks.ORANGE.every']);
  });

  test('numbers that do not fit', () => {
    expect(places((p) => Object.assign(p.pilots, { atLeast: 3 }))).toEqual(['pilots.atLeast']);
    expect(places((p) => Object.assign(p.hazards.general.rectify, { longest: { days: 5 } }))).toEqual([
      'hazards.general.rectify.limit',
    ]);
    expect(places((p) => Object.assign(p.hazards.major.extension, { answeredWithin: { days: 11 } }))).toEqual([
      'hazards.major.extension.answeredWithin',
    ]);
    expect(places((p) => Object.assign(p.hazards.escalation.general.levels[2], { after: { days: 2 } }))).toEqual([
      'hazards.escalation.general.levels[2].after',
    ]);
  });

  test('a quotation left out, and a member that nobody knows', () => {
    expect(places((p) => delete p.monthlyList.basis.quote)).toEqual(['monthlyList.basis.quote']);
    expect(places((p) => Object.assign(p.monthlyList, { extra: 1 }))).toEqual(['monthlyList']);
  });
});

describe('a county’s own file', () => {
  const county = { county: '533102', name: '瑞丽市', base: 'dehong-2016-7', since: '2026-01-01' };
  const ours = { citation: '瑞安委〔2026〕1号', scope: 'county' };
  const overlay = (rule: string, set: object, validFrom = '2026-05-01') => ({ rule, set, says: '本市从严', validFrom, ...ours });
  const read = (overlays: object[], adopts: object[] = []) => readCounty({ ...county, adopts, overlays }, '533102.json');
  const refusal = (overlays: object[], adopts: object[] = []): readonly Fault[] => {
    try {
      read(overlays, adopts);
    } catch (error) {
      if (error instanceof PolicyRefused) return error.faults;
    }
    return [];
  };

  test('overlays a rule from its day on, with its own citation; the clause stays', () => {
    const policies = read([overlay('hazards.general.rectify', { limit: { days: 5 } })]);
    expect(policies.at('2026-04-30').hazards.general.rectify.limit).toEqual({ days: 7 });
    const after = policies.at('2026-05-01');
    expect(after.hazards.general.rectify).toMatchObject({ limit: { days: 5 }, longest: { days: 15 } });
    expect(after.hazards.general.rectify.why).toEqual({
      rule: 'hazards.general.rectify',
      clause: '二(五)',
      edition: '瑞安委〔2026〕1号',
      origin: 'overlay',
      says: '本市从严',
    });
    expect([policies.at('2026-04-30').edition, after.edition]).toEqual(['dehong-2016-7.1', 'dehong-2016-7.1+533102:1']);
  });

  test('may adopt a later edition, which is not in force by itself', () => {
    const adopts = [{ later: 'gb-6441-2025', validFrom: '2026-07-01', ...ours }];
    const policies = read([], adopts);
    expect(policies.at('2026-06-30').accidents.inUse.edition).toBe('GB 6441-1986');
    expect(policies.at('2026-07-01').accidents.inUse.edition).toBe('GB 6441-2025');
  });

  test('every later edition that may be adopted holds together', () => {
    for (const later of Object.keys(readJson('later-editions.json'))) {
      if (later === 'limits-7-15') continue;
      expect(refusal([], [{ later, validFrom: '2026-07-01', ...ours }])).toEqual([]);
    }
    const shorter = overlay('hazards.major.extension', { askedBefore: { days: 5 } }, '2026-07-01');
    expect(refusal([shorter], [{ later: 'limits-7-15', validFrom: '2026-07-01', ...ours }])).toEqual([]);
  });

  test.each([
    ['a rule that does not exist', overlay('hazards.general.cure', { limit: { days: 1 } }), 'overlays[0].rule'],
    ['a place that is no rule', overlay('hazards.general', {}), 'overlays[0].rule'],
    ['a value that the rule does not have', overlay('monthlyList', { days: 1 }), 'overlays[0].rule'],
    ['a value of the wrong form', overlay('monthlyList', { every: 'fortnight' }), 'monthlyList.every'],
    ['numbers that no longer fit', overlay('hazards.general.rectify', { limit: { days: 30 } }), 'hazards.general.rectify.limit'],
    ['another table under the old name', overlay('grading.tables.LS', { bands: [] }), 'overlays[0].rule'],
    ['another way of counting than this release has', overlay('slots.late', { counts: 'on-time' }), 'slots.late.counts'],
    ['a list of hazards for anything but a month', overlay('monthlyList', { every: 'quarter' }), 'monthlyList.every'],
    ['another week than the calendar’s', overlay('windows.week', { name: '星期' }), 'windows.week'],
    [
      'a signer whom the access table lets sign nothing',
      overlay('signing.TOWN', { roles: ['government-head'] }),
      'signing.TOWN.roles[0]',
    ],
    [
      'a signer of others’ lists',
      overlay('signing.DEPT', { roles: ['department-head', 'township-head'] }),
      'signing.DEPT.roles[1]',
    ],
    ['a safety manager who signs', overlay('signing.ENT', { roles: ['safety-manager'] }), 'signing.ENT.roles[0]'],
    ['more points in a round than the API takes', overlay('checks.round', { points: 1001 }), 'checks.round.points'],
    ['more hazards in a round than the API takes', overlay('checks.round', { hazards: 21 }), 'checks.round.hazards'],
    ['longer descriptions than the API takes', overlay('checks.texts', { description: 2001 }), 'checks.texts.description'],
    ['longer reasons than the API takes', overlay('checks.texts', { reason: 2001 }), 'checks.texts.reason'],
    ['more evidence than the API takes', overlay('evidence', { perItem: 51 }), 'evidence.perItem'],
    ['a check cadence changed while the county runs', overlay('selfChecks.BLUE', { every: 'quarter' }), 'overlays[0]'],
  ])('refuses %s', (_, wrong, place) => {
    const faults = refusal([wrong]);
    expect(faults.map(({ at: where }) => where)).toEqual([place]);
    expect(faults[0]?.says).toMatch(/[\u4e00-\u9fff]{4}/);
  });

  test('may go to the edge of what the API takes', () => {
    const most = { points: MOST_IN_A_ROUND.points, hazards: MOST_IN_A_ROUND.hazards };
    expect(refusal([overlay('checks.round', most)])).toEqual([]);
    const body = { checkedAt: '2026-03-02T08:00:00+08:00', items: Array.from({ length: most.points }, (_, n) => n) };
    const items = body.items.map((n) => ({ riskNo: `R-${n}`, result: 'normal', answers: 'y' }));
    expect(submitRound.body?.safeParse({ ...body, items }).success).toBe(true);
    expect(submitRound.body?.safeParse({ ...body, items: [...items, { ...items[0], riskNo: 'R-X' }] }).success).toBe(false);
  });

  test('names an edition that is not there', () => {
    expect(refusal([], [{ later: 'gb-1', validFrom: '2026-07-01', ...ours }])).toEqual([
      { at: 'adopts[0].later', says: '没有可采用的修订 gb-1' },
    ]);
  });

  test('stands for each of the five counties, and no other county has a policy', () => {
    const divisions: { counties: { code: string; name: string }[] } = readJson('sources/dehong_divisions.json');
    for (const { code, name } of divisions.counties) {
      expect(policyFor(countyCode(code), at).county).toBe(code);
      expect(readJson(`counties/${code}.json`)).toMatchObject({ county: code, name });
    }
    expect(() => policyFor(countyCode('533101'), at)).toThrow(PolicyRefused);
  });

  test('stands for every county that is deployed', () => {
    const deployed = readdirSync(policyFile('../../infra/deployments')).flatMap((file) => /^(\d{6})[-.]/.exec(file)?.[1] ?? []);
    expect(deployed.length).toBeGreaterThanOrEqual(5);
    for (const code of deployed) expect(policyFor(countyCode(code), at).county).toBe(code);
  });
});

test('reading checks a document and changes nothing in it, so what was checked when a bundle was made need not be read again', () => {
  expect(policySchema.parse(readJson('dehong-2016-7.json'))).toEqual(readJson('dehong-2016-7.json'));
  expect(laterSchema.parse(readJson('later-editions.json'))).toEqual(readJson('later-editions.json'));
  for (const code of COUNTIES) {
    expect(countySchema.parse(readJson(`counties/${code}.json`))).toEqual(readJson(`counties/${code}.json`));
  }
});

describe('what is made ready for rounds of checks', () => {
  test('is what the documents say: after a change of the policy run `npm run policy`', () => {
    expect(readJson('round-policy.json')).toEqual(compileRoundPolicies());
    expect(isRoundPolicyFresh()).toBe(true);
  });

  test('is, in every county and on every day, that county’s policy of that day', () => {
    for (const county of COUNTIES) {
      const days = ['2026-01-01', '2026-03-10', ...policiesOf(county).days.filter((day) => day !== ''), '2099-12-31'];
      for (const day of days) {
        const then = instant(`${day}T12:00:00+08:00`);
        expect(roundPolicyFor(county, then)).toEqual(roundPolicyOf(policyFor(county, then)));
      }
    }
  });
});
