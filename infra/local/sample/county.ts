/**
 * The sample county: invented enterprises, people and risks in the real townships of a county. Everything in it says 样例, and the same
 * seed gives the same county. What it holds is what the lists of an import hold, so that it comes in through the public door.
 */
import type { Role } from '../../../shared/domain/caller.ts';
import { COLOURS, type Colour, isGraver } from '../../../shared/domain/colour.ts';
import { type CreditCode, checkCharacter, creditCode } from '../../../shared/domain/credit-code.ts';
import { gradeRisk, TABLE_METHODS, type TableMethod } from '../../../shared/domain/grading.ts';
import { type CountyCode, type PersonId, personId, type RiskNo, riskNo, type TownshipCode } from '../../../shared/domain/ids.ts';
import type { ImportedInstallation } from '../../../shared/domain/import-sheets.ts';
import { departmentOwner, enterpriseOwner, type Owner, townshipOwner } from '../../../shared/domain/owner.ts';
import { townshipsOf } from '../../../shared/policy/divisions.ts';
import { gradingRulesOf, type Policy } from '../../../shared/policy/load.ts';
import { ACCIDENT_KINDS, AREA_KINDS, type PointKind, TRADES_OF_THE_SAMPLE, type Trade } from './catalogue.ts';
import { inspectorsOf, type SampleInspector } from './inspectorate.ts';
import type { Random } from './random.ts';

/** How an enterprise goes about its checks in the simulated month. */
export type Behaviour = 'diligent' | 'sloppy' | 'absent';

export interface SamplePerson {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly owner?: Owner;
  readonly workshop?: string;
  readonly team?: string;
  readonly post?: string;
}

export interface SampleEnterprise {
  readonly uscc: CreditCode;
  readonly name: string;
  readonly township: TownshipCode;
  readonly industry: string;
  readonly supervisor: string;
  readonly address: string;
  readonly head: string;
  readonly headPhone: string;
  readonly manager: string;
  readonly managerPhone: string;
  readonly behaviour: Behaviour;
}

interface Measure {
  /** Absent in public areas, which have no workshops or posts. */
  readonly level?: string;
  readonly text: string;
}

type FactorColumn = `${'inherent' | 'residual'}${'L' | 'E' | 'C' | 'M' | 'S'}`;

/** What the notice card and the list ask of any risk. Factors stand as the tables list them. */
export type SampleRiskContent = {
  readonly no: RiskNo;
  readonly name: string;
  readonly place: string;
  readonly longitude?: string;
  readonly latitude?: string;
  readonly identifiedOn: string;
  readonly dimensions: readonly string[];
  readonly participants: readonly { readonly as: string; readonly names: readonly string[] }[];
  readonly mainRisk: string;
  readonly accidents: readonly string[];
  readonly possibleHazards: string;
  readonly consequences: string;
  /** As the column of the list takes it. */
  readonly majorInstallation?: ImportedInstallation;
  readonly installationNo?: string;
  readonly method: TableMethod | 'EXPERTS';
  readonly inherentGrade: Colour;
  readonly residualGrade: Colour;
  readonly experts?: readonly string[];
  readonly gradeReason?: string;
  readonly isolation: readonly Measure[];
  readonly technical: readonly Measure[];
  readonly protection: readonly Measure[];
  readonly monitoring: readonly Measure[];
  readonly emergency: string;
  readonly reporting: string;
  readonly responsible: string;
} & { readonly [K in FactorColumn]?: string };

export type SampleRisk = SampleRiskContent & {
  readonly uscc: CreditCode;
  readonly workshop: string;
  readonly team: string;
  readonly post: string;
};

export type SampleArea = SampleRiskContent & {
  readonly township: TownshipCode;
  /** A department; absent: the township's own. */
  readonly owner?: string;
};

export interface SampleCounty {
  readonly county: CountyCode;
  readonly enterprises: readonly SampleEnterprise[];
  readonly risks: readonly SampleRisk[];
  readonly areas: readonly SampleArea[];
  readonly people: readonly SamplePerson[];
  /** Those of them who inspect. */
  readonly inspectors: readonly SampleInspector[];
}

const POINTS_PER_ENTERPRISE = { least: 4, most: 16, mean: 10 };
/** Of a hundred risk points: what a county of small enterprises would look like. */
const MIX: Readonly<Record<Colour, number>> = { RED: 2, ORANGE: 8, YELLOW: 30, BLUE: 60 };
/** Of a hundred enterprises; the rest is diligent. */
const BEHAVIOUR = { absent: 8, sloppy: 22 };
/** Of the enterprises that store such things, the first points of these kinds are major installations, of these levels of GB 18218. */
const STORES = ['液化气储配站', '油品仓储有限公司'];
const INSTALLATIONS: Readonly<Record<string, ImportedInstallation>> = { 液化石油气球罐: '3', 埋地储罐区: '4' };
const TEAMS = ['甲班', '乙班'];
const STEMS = '江畔 榕树 凤尾竹 金孔雀 青竹 边城 晨光 南姑 稻香 彩云 银塔 翠谷 瑞江 花岭 渡口 月亮湾 红木 山泉 芭蕉 象脚鼓'.split(
  ' ',
);
const EXPERTS = Array.from({ length: 8 }, (_, index) => `样例专家${index + 1}`);
const SURNAMES = '岩 赵 李 杨 排 金 段 刀 尹 何'.split(' ');

/** Invented people: an opaque id, and a name that nobody bears. */
class People {
  readonly all: SamplePerson[] = [];
  private readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  add(role: Role, at: Omit<SamplePerson, 'id' | 'name' | 'role'> = {}): SamplePerson {
    const number = String(this.all.length + 1).padStart(4, '0');
    const letters = Array.from({ length: 6 }, () => this.random.pick([...'abcdefghjkmnpqrstuvwxyz23456789'])).join('');
    const person = { id: personId(`u-${letters}-${number}`), name: `样例${this.random.pick(SURNAMES)}${number}`, role, ...at };
    this.all.push(person);
    return person;
  }
}

/** A credit code whose organisation part (MAXX…) is not one that is given out. */
function sampleCode(county: CountyCode, number: number): CreditCode {
  const first17 = `91${county}MAXX0${String(number).padStart(4, '0')}`;
  return creditCode(first17 + checkCharacter(first17));
}

const telephone = (number: number): string => `0692-0${String(number).padStart(6, '0')}`;

/** Sizes that add up to the wanted mean. */
function sizes(count: number, random: Random): number[] {
  const { least, most, mean } = POINTS_PER_ENTERPRISE;
  const each = Array.from({ length: count }, () => mean);
  for (let turn = 0; turn < count * mean; turn++) {
    const [from, to] = [random.below(count), random.below(count)];
    const [given, taken] = [each[from] ?? 0, each[to] ?? 0];
    if (from !== to && given > least && taken < most) [each[from], each[to]] = [given - 1, taken + 1];
  }
  return each;
}

function behavioursOf(count: number, random: Random): Behaviour[] {
  const share = (of: 'absent' | 'sloppy'): number => Math.round((count * BEHAVIOUR[of]) / 100);
  const [absent, sloppy] = [share('absent'), share('sloppy')];
  const all = Array.from(
    { length: count },
    (_, index): Behaviour => (index < absent ? 'absent' : index < absent + sloppy ? 'sloppy' : 'diligent'),
  );
  return random.shuffled(all);
}

/** A point of an enterprise before it has its grade. */
interface Draft {
  readonly enterprise: SampleEnterprise;
  readonly kind: PointKind;
  readonly ordinal: number;
  readonly team: string;
  readonly staff: { readonly workshopHead: SamplePerson; readonly teamLeader: SamplePerson; readonly postHolder: SamplePerson };
  readonly manager: SamplePerson;
}

function staffOf(enterprise: SampleEnterprise, trade: Trade, size: number, people: People, random: Random): Draft[] {
  const owner = enterpriseOwner(enterprise.uscc);
  const manager = people.all.find((person) => person.owner === owner && person.role === 'safety-manager');
  if (manager === undefined) throw new Error(`${enterprise.name} has no safety manager`);
  const kinds = random.shuffled(trade.points);
  const known = new Map<string, SamplePerson>();
  const once = (role: Role, at: { workshop: string; team?: string; post?: string }): SamplePerson => {
    const key = [role, at.workshop, at.team, at.post].join('/');
    const person = known.get(key) ?? people.add(role, { owner, ...at });
    known.set(key, person);
    return person;
  };
  return Array.from({ length: size }, (_, index) => {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) throw new Error(`${trade.industry} has no points`);
    const { workshop, post } = kind;
    const team = random.pick(TEAMS);
    const staff = {
      workshopHead: once('workshop-head', { workshop }),
      teamLeader: once('team-leader', { workshop, team }),
      postHolder: once('post-holder', { workshop, team, post }),
    };
    return { enterprise, kind, ordinal: Math.floor(index / kinds.length) + 1, team, staff, manager };
  });
}

/** How many of so many points have a colour: the mix, with what rounding leaves over in blue. */
function quotas(total: number): Colour[] {
  const graver = COLOURS.filter((colour) => colour !== 'BLUE').flatMap((colour) =>
    Array.from({ length: Math.round((total * MIX[colour]) / 100) }, () => colour),
  );
  return [...graver, ...Array.from({ length: total - graver.length }, (): Colour => 'BLUE')];
}

/** Gives the graver colours to the points that may be so grave, by chance among them; none gets more than its kind allows. */
function coloursFor(kinds: readonly { readonly gravest: Colour }[], random: Random): Colour[] {
  const given = new Array<Colour | undefined>(kinds.length).fill(undefined);
  const order = random.shuffled(kinds.map((_, index) => index));
  for (const colour of quotas(kinds.length)) {
    const place = order.find((index) => {
      const kind = kinds[index];
      return given[index] === undefined && kind !== undefined && !isGraver(colour, kind.gravest);
    });
    if (place !== undefined) given[place] = colour;
  }
  return given.map((colour) => colour ?? 'BLUE');
}

type Assessed = Pick<SampleRiskContent, 'method' | 'inherentGrade' | 'residualGrade' | 'experts' | 'gradeReason' | FactorColumn>;

const FACTOR_COLUMNS = ['L', 'E', 'C', 'M', 'S'] as const;

const columnsOf = (
  side: 'inherent' | 'residual',
  factors: Readonly<Record<string, string>>,
): Partial<Record<FactorColumn, string>> =>
  Object.fromEntries(FACTOR_COLUMNS.flatMap((id) => (factors[id] === undefined ? [] : [[`${side}${id}`, factors[id]]])));

/** Finds an assessment that gives the colour, by the tables of the policy itself. */
class Assessors {
  private readonly random: Random;
  private readonly rules: ReturnType<typeof gradingRulesOf>;
  private readonly byColour = new Map<string, Record<string, string>[]>();

  constructor(policy: Policy, random: Random) {
    this.random = random;
    this.rules = gradingRulesOf(policy);
    for (const method of TABLE_METHODS) this.listCombinations(method);
  }

  private listCombinations(method: TableMethod): void {
    const combinations = this.rules.tables[method].factors.reduce<Record<string, string>[]>(
      (rows, { id, values }) => rows.flatMap((row) => values.map(({ value }) => ({ ...row, [id]: value }))),
      [{}],
    );
    for (const factors of combinations) {
      const key = `${method}/${this.colourOf(method, factors)}`;
      this.byColour.set(key, [...(this.byColour.get(key) ?? []), factors]);
    }
  }

  private colourOf(method: TableMethod, factors: Readonly<Record<string, string>>): Colour {
    const outcome = gradeRisk({ method, factors }, this.rules);
    if (outcome.kind === 'refused') throw new Error(outcome.says);
    return outcome.grade.colour;
  }

  /** Controls lower the likelihood: before them the first factor stood one or two steps higher. */
  private beforeControls(method: TableMethod, factors: Readonly<Record<string, string>>): Record<string, string> {
    const [likelihood] = this.rules.tables[method].factors;
    if (likelihood === undefined) throw new Error(`${method} has no factors`);
    const now = likelihood.values.findIndex(({ value }) => value === factors[likelihood.id]);
    const before = likelihood.values[Math.max(0, now - 1 - this.random.below(2))];
    return { ...factors, ...(before !== undefined && { [likelihood.id]: before.value }) };
  }

  assess(colour: Colour): Assessed {
    const method = this.random.pick(['LEC', 'LEC', 'LEC', 'LEC', 'LEC', 'LS', 'LS', 'MES', 'EXPERTS'] as const);
    if (method === 'EXPERTS') {
      const inherentGrade = COLOURS[Math.max(0, COLOURS.indexOf(colour) - this.random.below(2))] ?? colour;
      const experts = this.random.shuffled(EXPERTS).slice(0, 2);
      return { method, inherentGrade, residualGrade: colour, experts, gradeReason: '经现场勘验，对照行业标准和同类事故综合确定' };
    }
    const after = this.random.pick(this.byColour.get(`${method}/${colour}`) ?? []);
    const before = this.beforeControls(method, after);
    return {
      method,
      inherentGrade: this.colourOf(method, before),
      residualGrade: colour,
      ...columnsOf('inherent', before),
      ...columnsOf('residual', after),
    };
  }

  expert(): string {
    return this.random.pick(EXPERTS);
  }
}

const day = (random: Random): string =>
  `2026-${random.percent(50) ? '01' : '02'}-${String(1 + random.below(28)).padStart(2, '0')}`;

/** What an accident's kind says of consequences and controls; a second kind adds its controls. */
function knowledgeOf(accidents: readonly string[], { levels }: { levels: boolean }) {
  const kinds = accidents.map((code) => {
    const kind = ACCIDENT_KINDS.get(code);
    if (kind === undefined) throw new Error(`the catalogue does not know accident ${code}`);
    return kind;
  });
  const measures = (of: 'isolation' | 'technical' | 'protection' | 'monitoring', level: string): Measure[] =>
    [...new Set(kinds.map((kind) => kind[of]))].map((text) => (levels ? { level, text } : { text }));
  return {
    consequences: [...new Set(kinds.map(({ consequences }) => consequences))].join('；'),
    emergency: [...new Set(kinds.map(({ emergency }) => emergency))].join('；'),
    isolation: measures('isolation', 'enterprise'),
    technical: measures('technical', 'workshop'),
    protection: measures('protection', 'post'),
    monitoring: measures('monitoring', 'team'),
  };
}

const dimensionsOf = (policy: Policy, random: Random): string[] => {
  const all = Object.keys(policy.identification.dimensions.values);
  const chosen = random.shuffled(all).slice(0, 1 + random.below(2));
  return all.filter((dimension) => chosen.includes(dimension));
};

/** Roughly where the county lies; never the place of anything real. */
const coordinates = (random: Random) =>
  random.percent(30)
    ? {
        longitude: `97.${8000 + random.below(1500)}`,
        latitude: `${random.percent(50) ? '23.9' : '24.0'}${500 + random.below(400)}`,
      }
    : {};

/** By what the enterprise and the point are called, and not by chance: nothing else of the sample depends on it. */
function installationOf(
  { enterprise, kind, ordinal }: Draft,
  county: CountyCode,
  index: number,
): Pick<SampleRiskContent, 'majorInstallation' | 'installationNo'> {
  const level = ordinal === 1 && STORES.some((store) => enterprise.name.endsWith(store)) ? INSTALLATIONS[kind.name] : undefined;
  if (level === undefined) return {};
  return { majorInstallation: level, installationNo: `BA${county}样例${String(index + 1).padStart(4, '0')}` };
}

/** The sample of a county, by a seeded chance. */
export function sampleCounty(county: CountyCode, policy: Policy, random: Random): SampleCounty {
  const people = new People(random);
  const townships = [...townshipsOf(county)];
  const townshipNamed = (name: string): TownshipCode => {
    const found = townships.find(([, own]) => own === name);
    if (found === undefined) throw new Error(`${county} has no township ${name}`);
    return found[0];
  };
  for (const [township] of townships) {
    people.add('township-officer', { owner: townshipOwner(township) });
    people.add('township-head', { owner: townshipOwner(township) });
  }
  for (const department of Object.keys(policy.departments.values)) {
    people.add('department-officer', { owner: departmentOwner(department) });
    people.add('department-head', { owner: departmentOwner(department) });
  }
  for (const role of ['committee-officer', 'government-head', 'prefecture-officer', 'auditor', 'operator'] as const)
    people.add(role);

  const trades = TRADES_OF_THE_SAMPLE.flatMap((trade) =>
    Array.from({ length: trade.enterprises }, (_, turn) => ({ trade, turn })),
  );
  const size = sizes(trades.length, random);
  const behaviours = behavioursOf(trades.length, random);
  const enterprises: SampleEnterprise[] = [];
  const drafts: Draft[] = [];
  for (const [index, { trade, turn }] of trades.entries()) {
    const uscc = sampleCode(county, index + 1);
    const owner = enterpriseOwner(uscc);
    // The subdistrict has most of the enterprises, as in any county town.
    const [township, townshipName] = random.percent(40) ? (townships[0] ?? random.pick(townships)) : random.pick(townships);
    const [head, manager] = [people.add('head', { owner }), people.add('safety-manager', { owner })];
    const enterprise: SampleEnterprise = {
      uscc,
      name: `（样例）瑞丽${STEMS[index % STEMS.length]}${trade.suffixes[turn % trade.suffixes.length]}`,
      township,
      industry: trade.industry,
      supervisor: policy.industries.values[trade.industry]?.department ?? '',
      address: `${townshipName}样例路${index + 1}号`,
      head: head.name,
      headPhone: telephone(index * 2 + 1),
      manager: manager.name,
      managerPhone: telephone(index * 2 + 2),
      behaviour: behaviours[index] ?? 'diligent',
    };
    enterprises.push(enterprise);
    drafts.push(...staffOf(enterprise, trade, size[index] ?? 0, people, random));
  }

  const assessors = new Assessors(policy, random);
  const colours = coloursFor(
    drafts.map(({ kind }) => kind),
    random,
  );
  const numbers = new Map<CreditCode, number>();
  const risks = drafts.map((draft, index): SampleRisk => {
    const { enterprise, kind, ordinal, team, staff, manager } = draft;
    const number = (numbers.get(enterprise.uscc) ?? 0) + 1;
    numbers.set(enterprise.uscc, number);
    return {
      uscc: enterprise.uscc,
      no: riskNo(`R-${String(number).padStart(3, '0')}`),
      name: ordinal > 1 ? `${ordinal}号${kind.name}` : kind.name,
      workshop: kind.workshop,
      team,
      post: kind.post,
      place: `${enterprise.address}${kind.workshop}${random.pick(['东侧', '西侧', '南侧', '北侧'])}`,
      ...coordinates(random),
      identifiedOn: day(random),
      dimensions: dimensionsOf(policy, random),
      participants: [
        { as: 'post-holder', names: [staff.postHolder.name] },
        { as: 'team-leader', names: [staff.teamLeader.name] },
        { as: 'safety-manager', names: [manager.name] },
        { as: 'expert', names: [assessors.expert()] },
      ],
      mainRisk: kind.mainRisk,
      accidents: kind.accidents,
      possibleHazards: kind.possibleHazards,
      ...installationOf(draft, county, index),
      ...assessors.assess(colours[index] ?? 'BLUE'),
      ...knowledgeOf(kind.accidents, { levels: true }),
      reporting: `立即报告值班室 ${enterprise.headPhone}，必要时拨打119、120`,
      responsible: `${kind.workshop}负责人 ${staff.workshopHead.name}`,
    };
  });

  const areas = AREA_KINDS.map((kind, index): SampleArea => {
    const township = townshipNamed(kind.township);
    const owner = kind.department === undefined ? townshipOwner(township) : departmentOwner(kind.department);
    const officer = people.all.find((person) => person.owner === owner);
    return {
      township,
      ...(kind.department !== undefined && { owner: kind.department }),
      no: riskNo(`A-${String(index + 1).padStart(3, '0')}`),
      name: `${kind.name}（样例）`,
      place: `${kind.township}${kind.name}`,
      ...coordinates(random),
      identifiedOn: day(random),
      dimensions: ['environment'],
      participants: [{ as: 'expert', names: [assessors.expert()] }],
      mainRisk: kind.mainRisk,
      accidents: kind.accidents,
      possibleHazards: kind.possibleHazards,
      ...assessors.assess(kind.grade),
      ...knowledgeOf(kind.accidents, { levels: false }),
      reporting: '立即报告属地政府值班室 0692-0999999，必要时拨打110、119、120',
      responsible: `负责人 ${officer?.name ?? ''}`,
    };
  });
  const inspectors = inspectorsOf(enterprises, policy, (role, at) => people.add(role, at));
  return { county, enterprises, risks, areas, people: people.all, inspectors };
}
