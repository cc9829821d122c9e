/**
 * The policy of a county: the base document and what the county's own file lays over it, checked as a whole. A document that does
 * not hold together is refused with the place and a sentence; nothing runs on half a policy.
 */
import type * as z from 'zod';
import { type Cadence, type Day, dayOf, type Instant, startOfDay } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import type { Grade, GradingRules } from '../domain/grading.ts';
import { type CountyCode, countyCode } from '../domain/ids.ts';
import type { Why } from '../domain/why.ts';
import c533102 from './counties/533102.json' with { type: 'json' };
import c533103 from './counties/533103.json' with { type: 'json' };
import c533122 from './counties/533122.json' with { type: 'json' };
import c533123 from './counties/533123.json' with { type: 'json' };
import c533124 from './counties/533124.json' with { type: 'json' };
import base from './dehong-2016-7.json' with { type: 'json' };
import { type Fault, faultsOf } from './faults.ts';
import laterEditions from './later-editions.json' with { type: 'json' };
import { type Explained, isRule } from './rule.ts';
import { type CountyFile, countySchema, laterSchema, type PolicyDocument, policySchema } from './schema.ts';

/** A county's policy as it is in force on a day. */
export type Policy = Explained<PolicyDocument> & {
  readonly county: CountyCode;
  /** Names exactly this text with these overlays: `dehong-2016-7.1`, `dehong-2016-7.1+533102:2`. */
  readonly edition: string;
};

/** A document that is refused at load. The message names the file, every place and what is wrong there. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
  readonly faults: readonly Fault[];
  constructor(file: string, faults: readonly Fault[]) {
    super(`${file} 不能载入：\n${faults.map(({ at, says }) => `  ${at}：${says}`).join('\n')}`);
    this.faults = faults;
  }
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`)).join('');

function read<S extends z.ZodType>(schema: S, file: string, document: unknown): z.output<S> {
  // A document is read once: compiling a parser for it costs more than parsing it.
  const parsed = schema.safeParse(document, { jitless: true });
  if (parsed.success) return parsed.data;
  throw new PolicyRefused(
    file,
    parsed.error.issues.map((issue) => ({ at: placeOf(issue.path) || '（文件）', says: `不合格式（${issue.message}）` })),
  );
}

function readWhole(document: unknown, file: string): PolicyDocument {
  const policy = read(policySchema, file, document);
  const faults = faultsOf(policy);
  if (faults.length > 0) throw new PolicyRefused(file, faults);
  return policy;
}

type LaterEditions = z.output<typeof laterSchema>;

/**
 * Reads a whole document. `POLICY_IS_CHECKED` is a constant of bundles (infra/constructs/bundle.ts): whoever makes one has read and
 * checked every document that goes in, so a function that starts takes them as they are, and carries neither schemas nor checks.
 */
export const readPolicy = (document: unknown, file: string): PolicyDocument =>
  process.env.POLICY_IS_CHECKED === 'true' ? (document as PolicyDocument) : readWhole(document, file);
const readCountyFile = (document: unknown, file: string): CountyFile =>
  process.env.POLICY_IS_CHECKED === 'true' ? (document as CountyFile) : read(countySchema, file, document);
const readLater = (document: unknown): LaterEditions =>
  process.env.POLICY_IS_CHECKED === 'true' ? (document as LaterEditions) : read(laterSchema, 'later-editions.json', document);

/** A change of one rule with what the county says for it. */
interface Overlay {
  readonly at: string;
  readonly rule: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly says: string;
  readonly citation: string;
  readonly scope: 'prefecture' | 'county';
  readonly validFrom: string;
}

/** The county's overlays, oldest first: those of the same day in the order of the file, adopted editions before its own changes. */
function overlaysOf(county: CountyFile, later: LaterEditions, file: string): Overlay[] {
  const adopted = county.adopts.flatMap(({ later: name, ...adoption }, index) => {
    const edition = later[name];
    const at = `adopts[${index}]`;
    if (edition === undefined) throw new PolicyRefused(file, [{ at: `${at}.later`, says: `没有可采用的修订 ${name}` }]);
    return edition.changes.map((change) => ({
      at,
      ...change,
      ...adoption,
      citation: `${edition.citation}；${adoption.citation}`,
    }));
  });
  const own = county.overlays.map((overlay, index) => ({ at: `overlays[${index}]`, ...overlay }));
  return [...adopted, ...own].sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : 0));
}

/** Cadences are counted in periods; a change of one while a county runs would leave its duty pages in the wrong numbers. */
function refuseLateCadence(overlay: Overlay, county: CountyFile, file: string): void {
  if (/^selfChecks\./.test(overlay.rule) && overlay.validFrom > county.since) {
    throw new PolicyRefused(file, [{ at: overlay.at, says: `排查周期只能在启用之日（${county.since}）以前改变` }]);
  }
}

function withOverlay(document: unknown, overlay: Overlay, file: string): unknown {
  const refuse = (says: string): never => {
    throw new PolicyRefused(file, [{ at: `${overlay.at}.rule`, says }]);
  };
  const change = (node: unknown, path: readonly string[]): unknown => {
    const [key, ...rest] = path;
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return refuse(`没有规则 ${overlay.rule}`);
    if (key !== undefined) {
      const child = Object.hasOwn(node, key) ? Object.entries(node).find(([name]) => name === key)?.[1] : undefined;
      return { ...node, [key]: change(child, rest) };
    }
    if (!isRule(node)) return refuse(`${overlay.rule} 不是一条规则`);
    const stranger = Object.keys(overlay.set).find((name) => !Object.hasOwn(node, name) || name === 'basis' || name === 'says');
    if (stranger !== undefined) return refuse(`规则 ${overlay.rule} 没有可改的值 ${stranger}`);
    if (('bands' in overlay.set || 'factors' in overlay.set) && !('edition' in overlay.set)) {
      return refuse('改变评分表须同时给出新的版本名（edition）');
    }
    const { says, citation, scope, validFrom } = overlay;
    return { ...node, ...overlay.set, says, basis: { origin: 'overlay', clause: node.basis.clause, citation, scope, validFrom } };
  };
  return change(document, overlay.rule.split('.'));
}

/** Gives every rule its `why`. */
function explain(policy: PolicyDocument, county: CountyFile, edition: string): Policy {
  const editionOf = (basis: PolicyDocument['monthlyList']['basis']): string =>
    basis.origin === 'policy'
      ? policy.number
      : basis.origin === 'ours'
        ? `${policy.number}未规定，系统默认第${policy.revision}版`
        : basis.citation;
  const visit = (node: unknown, path: string): unknown => {
    if (Array.isArray(node)) return Object.freeze(node.map((child) => visit(child, path)));
    if (typeof node !== 'object' || node === null) return node;
    const copy = Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, visit(child, path === '' ? key : `${path}.${key}`)]),
    );
    if (!isRule(node)) return Object.freeze(copy);
    const basis = node.basis as PolicyDocument['monthlyList']['basis'];
    const why: Why = { rule: path, clause: basis.clause, edition: editionOf(basis), origin: basis.origin, says: node.says };
    return Object.freeze({ ...copy, why: Object.freeze(why) });
  };
  // The walk above adds `why` to each rule and changes nothing else, which the type says and the compiler cannot follow.
  return Object.freeze({ ...(visit(policy, '') as Explained<PolicyDocument>), county: countyCode(county.county), edition });
}

/** The days on which a county's policy changes, and its policy on any day. */
export interface CountyPolicies {
  /** As it signs: 瑞丽市. */
  readonly name: string;
  /** The first day on which the county uses the system. */
  readonly since: Day;
  /** When it changes, in order; the first is empty: as it was before any change. */
  readonly days: readonly string[];
  readonly at: (day: string) => Policy;
}

/** Reads a county's file and checks its policy as it is on every day on which it changes. */
export function readCounty(
  document: unknown,
  file: string,
  later: unknown = laterEditions,
  national: unknown = base,
): CountyPolicies {
  const county = readCountyFile(document, file);
  const first = readPolicy(national, 'dehong-2016-7.json');
  if (county.base !== first.id) throw new PolicyRefused(file, [{ at: 'base', says: `没有政策文件 ${county.base}` }]);
  const overlays = overlaysOf(county, readLater(later), file);
  const edition = `${first.id}.${first.revision}`;
  const unchanged = explain(first, county, edition);
  const steps: { from: string; policy: Policy }[] = [];
  let merged: unknown = first;
  for (const [index, overlay] of overlays.entries()) {
    refuseLateCadence(overlay, county, file);
    merged = withOverlay(merged, overlay, file);
    if (overlays[index + 1]?.validFrom === overlay.validFrom) continue;
    steps.push({
      from: overlay.validFrom,
      policy: explain(readPolicy(merged, file), county, `${edition}+${county.county}:${index + 1}`),
    });
  }
  return {
    name: county.name,
    since: dayOf(startOfDay(county.since as Day)), // a date by its schema
    days: ['', ...steps.map(({ from }) => from)],
    at: (day) => steps.reduce((chosen, step) => (step.from <= day ? step.policy : chosen), unchanged),
  };
}

const FILES: Readonly<Record<string, unknown>> = {
  533102: c533102,
  533103: c533103,
  533122: c533122,
  533123: c533123,
  533124: c533124,
};
const loaded = new Map<CountyCode, CountyPolicies>();

/** The counties that have a policy. */
export const COUNTIES: readonly CountyCode[] = Object.keys(FILES).map(countyCode);

/** A county's policies, read and checked once. */
export function policiesOf(county: CountyCode): CountyPolicies {
  let policies = loaded.get(county);
  if (policies === undefined) {
    const file = FILES[county];
    if (file === undefined)
      throw new PolicyRefused(`counties/${county}.json`, [{ at: '（文件）', says: `没有 ${county} 的县（市）文件` }]);
    policies = readCounty(file, `counties/${county}.json`);
    loaded.set(county, policies);
  }
  return policies;
}

/** The policy of a county as it is in force at an instant. */
export const policyFor = (county: CountyCode, at: Instant): Policy => policiesOf(county).at(dayOf(at));

/** How often the points of a colour are checked by their owner, 二(五). */
export const cadenceOf = (policy: Policy, colour: Colour): Cadence => policy.selfChecks[colour].every;

/** Why a point of this colour is due. */
export const whyCheck = (policy: Policy, colour: Colour): Why => policy.selfChecks[colour].why;

/** What `gradeRisk` needs of a policy. */
export const gradingRulesOf = ({ grading, grades }: Policy): GradingRules => ({ ...grading, grades });

/** Why a grade is as it is: the table, or the rule that lets experts decide; above both a direct determination. */
export const whyGraded = ({ grading }: Policy, grade: Pick<Grade, 'method' | 'determination'>): Why => {
  if (grade.determination !== undefined) return grading.determination.why;
  return grade.method === 'EXPERTS' ? grading.experts.why : grading.tables[grade.method].why;
};
