/** The form of a policy document. What a form cannot say (bands that fit, clauses that exist) is in `faults.ts`. */
import * as z from 'zod';
import { CADENCES } from '../domain/calendar.ts';
import { ROLES } from '../domain/caller.ts';
import { COLOURS } from '../domain/colour.ts';
import { OBLIGATION_KINDS } from '../domain/hazard-deadlines.ts';
import { REMINDER_KINDS } from '../domain/reminder.ts';

const text = z.string().min(1).max(600);
const day = z.iso.date();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const count = z.int().min(1);
const cadence = z.enum(CADENCES);
const colour = z.enum(COLOURS);
const role = z.enum(ROLES);
const days = z.strictObject({ days: z.int().min(0).max(3650) });
const hours = z.strictObject({ hours: z.int().min(0).max(8760) });
const minutes = z.strictObject({ minutes: z.int().min(1).max(1440) });
const limit = z.union([days, hours]);
/** Codes with what people call them, in the order in which people list them. */
const named = <const K extends readonly [string, ...string[]]>(...keys: K) => z.record(z.enum(keys), text);
const byCode = <V extends z.ZodType>(value: V) => z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/), value);
const byColour = <V extends z.ZodType>(value: V) => z.record(colour, value);

/** Where a rule comes from: the text, our default where the text is silent, or a county's overlay of either. */
const basis = z.discriminatedUnion('origin', [
  z.strictObject({ origin: z.literal('policy'), clause: text, quote: text }),
  z.strictObject({ origin: z.literal('ours'), clause: text, reason: text }),
  z.strictObject({
    origin: z.literal('overlay'),
    clause: text,
    citation: text,
    scope: z.enum(['prefecture', 'county']),
    validFrom: day,
  }),
]);

/** A rule: its values, a sentence for people, and where it comes from. */
const rule = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...shape, says: text, basis });

const check = rule({ every: cadence });
const frequencies = byColour(check);
const deadline = rule({ limit });
const rectification = rule({ limit: days, longest: days });
const extension = rule({ askedBefore: limit, answeredWithin: limit, times: count, longest: days });
const acting = rule({ byObligation: z.partialRecord(z.enum(OBLIGATION_KINDS), z.array(role).min(1)) });
const keyUnits = z.strictObject({
  areas: rule({ kind: z.enum(['county', 'township']), atLeast: count, atMost: count }),
  units: rule({ eitherOf: z.strictObject({ enterprise: count, section: count }) }),
});
/** Kinds of draws as the rules speak of them: `RANDOM` is that of every colour. */
const drawFamily = z.enum(['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE']);
const weight = z.int().min(1).max(100);
/** A share of a stratum or a number of its objects, for the strata that it fits. */
const quotaOf = {
  kinds: z.array(drawFamily).min(1),
  colour: colour.optional(),
  /** A code of the policy's industries, or `area` for public areas. */
  industry: text.optional(),
  township: z
    .string()
    .regex(/^[1-9]\d{8}$/)
    .optional(),
};
const quota = z.union([
  z.strictObject({ ...quotaOf, share: z.strictObject({ of: count, in: count }) }),
  z.strictObject({ ...quotaOf, count }),
]);
const percentage = rule({ percent: z.int().min(1).max(100), of: z.literal('enterprises') });
const ladder = rule({ levels: z.array(z.strictObject({ after: limit, roles: z.array(role).min(1) })).min(1), thenEvery: limit });

const decimal = z.string().regex(/^(0|[1-9]\d{0,5})(\.\d{1,3})?$/);
const table = <const Id extends string>(...ids: readonly Id[]) =>
  rule({
    edition: text,
    name: text,
    product: z.string().regex(/^[A-Z]$/),
    factors: z.array(
      z.strictObject({ id: z.enum(ids), name: text, values: z.array(z.strictObject({ value: decimal, says: text })).min(2) }),
    ),
    bands: z.array(z.strictObject({ from: decimal, colour })),
  });

const industry = z.strictObject({ name: text, department: z.string().regex(/^[A-Z][A-Z0-9]{1,15}$/) });
const industryList = rule({ industries: z.array(text).min(1) });
/** A default that this release carries out in one way only: an overlay that asks for another is refused, not ignored. */
const only = <const V extends string>(value: V) => z.literal(value, { error: `本版本只能是 ${value}` });

export const policySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{3,40}$/),
  revision: count,
  number: text,
  title: text,
  issued: day,
  zone: z.literal('Asia/Shanghai'),
  clauses: z.record(z.string().regex(/^([一二三四]\([一二三四五六]\)|末段)$/), text),
  grades: byColour(
    rule({
      name: text,
      colour: z.enum(['红', '橙', '黄', '蓝']),
      tone: z.string().regex(/^#[0-9A-F]{6}$/),
      ink: z.enum(['#FFFFFF', '#000000']),
      pattern: z.enum(['solid', 'diagonal', 'dots', 'none']),
    }),
  ),
  windows: z.partialRecord(cadence, rule({ name: text })),
  selfChecks: frequencies,
  randomChecks: frequencies,
  drawing: z.strictObject({
    inspectors: rule({ atLeast: count }),
    findings: rule({ required: z.literal(true) }),
    /** Days of the month before the window; the last of February is the latest that every month has. */
    calendar: rule({ announceOn: z.int().min(1).max(28), drawOn: z.int().min(1).max(28), at: clock, ahead: hours }),
    /** Of the rules that fit a stratum the last one holds. All of it (1 in 1): every object once in its window (P1); less: one draw of some. */
    quotas: rule({ rules: z.array(quota).min(1) }),
    weights: rule({ plain: weight, keyUnit: weight, openMajorHazard: weight }),
    experts: rule({ kinds: z.array(drawFamily), count: count }),
    items: rule({ perTask: z.int().min(0).max(1000) }),
    visits: rule({
      weekdays: z.array(z.int().min(1).max(7)).min(1),
      perDay: z.int().min(1).max(1000),
      perMonth: z.int().min(1).max(10_000),
    }),
    leftOut: rule({ reasons: z.array(z.enum(['visited-in-window', 'suspended'])) }),
    interests: rule({ values: named('kinship', 'holding', 'employment', 'past-employment', 'service', 'other') }),
    directory: rule({ publish: z.enum(['objects', 'root']) }),
    substitutions: rule({ most: z.int().min(1).max(62) }),
    reveal: rule({ within: days }),
    publication: rule({ limit: days }),
    handIn: rule({ limit: days }),
    confirmation: rule({ limit: days }),
    followUp: rule({ limit: days }),
    escalation: ladder,
  }),
  supervision: z.strictObject({
    government: rule({ every: cadence, kinds: z.array(z.enum(['comprehensive', 'special', 'expert'])).min(1) }),
    department: rule({ every: cadence, kinds: z.array(z.enum(['comprehensive', 'special', 'expert'])).min(1) }),
    grid: rule({ covers: z.array(z.enum(['major-risk', 'major-installation', 'major-hazard'])).min(1) }),
    gridGaps: z.strictObject({ mend: rule({ limit: days }), escalation: ladder }),
  }),
  keyUnits: z.strictObject({
    prefecture: keyUnits,
    county: keyUnits,
    quota: rule({ fewer: z.enum(['accept', 'warn', 'refuse']), more: z.enum(['accept', 'warn', 'refuse']) }),
  }),
  pilots: rule({ atLeast: count, atMost: count }),
  identification: z.strictObject({
    focus: rule({ values: named('major-installation', 'labour-dense', 'high-risk-operation', 'affected-population') }),
    dimensions: rule({ values: named('process', 'equipment', 'environment', 'behaviour', 'management') }),
    participants: rule({ values: named('post-holder', 'team-leader', 'safety-manager', 'expert') }),
    triggers: rule({ values: named('people', 'equipment', 'environment', 'management') }),
  }),
  controls: z.strictObject({
    kinds: rule({ values: named('isolation', 'technical', 'protection', 'monitoring') }),
    aims: rule({ values: named('avoid', 'lower', 'monitor') }),
    levels: rule({ values: named('enterprise', 'workshop', 'team', 'post') }),
    defaultLevel: rule({ byColour: byColour(z.enum(['enterprise', 'workshop', 'team', 'post'])) }),
  }),
  noticeCard: rule({
    fields: z.array(z.enum(['mainRisk', 'possibleHazards', 'consequences', 'controls', 'emergency', 'reporting', 'responsible'])),
    names: named('mainRisk', 'possibleHazards', 'consequences', 'controls', 'emergency', 'reporting', 'responsible'),
  }),
  grading: z.strictObject({
    tables: z.strictObject({ LEC: table('L', 'E', 'C'), LS: table('L', 'S'), MES: table('M', 'E', 'S') }),
    experts: rule({ atLeast: count }),
    determination: rule({ direction: only('upward') }),
    residual: rule({ atMost: only('inherent') }),
    inForce: rule({ grade: only('residual') }),
  }),
  accidents: z.strictObject({
    inUse: rule({ edition: text }),
    editions: z.record(z.string(), byCode(text)),
    mapping: rule({ from: text, to: text, codes: byCode(z.array(text).min(1)), needsPerson: z.array(text) }),
  }),
  signing: z.strictObject({
    ENT: rule({ roles: z.array(role).min(1) }),
    DEPT: rule({ roles: z.array(role).min(1) }),
    TOWN: rule({ roles: z.array(role).min(1) }),
  }),
  slots: z.strictObject({
    entry: rule({ begins: only('window-of-signing') }),
    upward: rule({ begins: only('at-once') }),
    downward: rule({ begins: only('next-window') }),
    late: rule({ counts: only('late') }),
    days: rule({ calendar: only('every-day') }),
    order: rule({ milestones: only('not-enforced') }),
  }),
  overall: z.strictObject({
    grade: rule({ by: z.enum(['gravest-counting-risk', 'assessed-only']) }),
    adjustment: rule({ directions: z.array(z.enum(['up', 'down'])).min(1), reason: z.literal('required') }),
  }),
  suspension: z.strictObject({
    kinds: rule({ values: named('production-stop', 'maintenance', 'out-of-use') }),
    shortest: rule({ limit: hours }),
    longest: rule({ limit: days }),
  }),
  checks: z.strictObject({
    claim: rule({ oldest: limit, ahead: minutes }),
    round: rule({ points: count, hazards: count }),
    texts: rule({ description: count, reason: count }),
  }),
  monthlyList: rule({ every: only('month'), due: only('window-end') }),
  coverage: z.strictObject({
    entered: percentage,
    standard: percentage,
    checked: percentage,
    graded: percentage,
    signed: percentage,
    counting: rule({ at: only('when-asked') }),
  }),
  hazards: z.strictObject({
    onTheSpot: rule({ limit: days }),
    general: z.strictObject({ verify: deadline, rectify: rectification, accept: deadline, again: deadline, extension }),
    major: z.strictObject({
      verify: deadline,
      report: deadline,
      plan: deadline,
      planReview: deadline,
      planAgain: deadline,
      rectify: rectification,
      accept: deadline,
      again: deadline,
      extension,
      progress: rule({ every: days }),
      publication: deadline,
      evacuation: deadline,
      resume: deadline,
      orders: rule({ values: named('stop-production', 'stop-use', 'withdraw', 'evacuate') }),
      criteria: rule({ values: byCode(text) }),
    }),
    fiveItems: rule({ values: named('responsibility', 'measures', 'funds', 'timeLimit', 'emergencyPlan') }),
    sixParts: rule({ values: named('aims', 'methods', 'means', 'people', 'schedule', 'safety'), required: z.boolean() }),
    acceptance: rule({ otherThanFixer: z.literal(true) }),
    withdrawal: deadline,
    reopening: rule({ limit: days }),
    escalation: z.strictObject({ general: ladder, major: ladder }),
  }),
  reminders: z.strictObject({
    checks: rule({ at: clock, beforeEnd: z.partialRecord(cadence, hours) }),
    /** `short`: for what is given less time than any of the others takes. */
    deadlines: rule({ general: z.array(limit).min(1), major: z.array(limit).min(1), short: minutes }),
    monthlyList: rule({ before: z.array(limit).min(1) }),
    /** Before the day by which the monthly form is signed and sent (`exports.form.due`). */
    form: rule({ before: z.array(limit).min(1) }),
    alarm: rule({ on: z.array(z.enum(['missed-red', 'overdue-major'])).min(1) }),
    quiet: rule({ from: clock, until: clock }),
    tasks: rule({ before: z.array(limit).min(1) }),
    /** These are sent at any hour and at once. */
    urgent: rule({ kinds: z.array(z.enum(REMINDER_KINDS)) }),
    /** Whom a kind tells. What the ladder of an escalation tells stands with it; what waits for somebody, below. */
    audience: rule({ byKind: z.partialRecord(z.enum(REMINDER_KINDS), z.array(role).min(1)) }),
    /** Whom it tells that checks were missed. */
    missed: rule({ byColour: byColour(z.array(role).min(1)) }),
    /** Who has to act on what is owed in a case. */
    acting: z.strictObject({ general: acting, major: acting }),
    /** `within`: by then all that became due at one instant is sent. `spread`: over so long it is spread. `avoid`: minutes of the hour at which everybody sends. */
    sending: rule({ within: minutes, spread: minutes, avoid: z.array(z.int().min(0).max(59)) }),
    /** A secret that was replaced signs beside the new one for so long. */
    secrets: rule({ overlap: hours }),
    /** Of deliveries and messages; what was told stays on the ledger. */
    records: rule({ kept: days }),
  }),
  evidence: rule({
    types: z.record(z.string().regex(/^(image|video|application)\/[a-z0-9.+-]+$/), count),
    perItem: count,
    uploadWithin: minutes,
    readWithin: minutes,
  }),
  imports: rule({ fileBytes: count, rows: count, sheets: count, columns: count, cellCharacters: count, uploadWithin: minutes }),
  departments: rule({ values: byCode(text) }),
  industries: rule({ values: byCode(industry) }),
  industryLists: z.strictObject({ focus: industryList, plan: industryList, pilot: industryList, warning: industryList }),
  /** What the text asks without a number: shown with its words, run by no clock. */
  duties: byCode(rule({ by: z.array(z.enum(['enterprise', 'township', 'department', 'county', 'prefecture'])).min(1) })),
  milestones: byCode(rule({ due: day })),
  publicAreas: rule({ owners: z.array(z.enum(['TOWN', 'DEPT'])).min(1), blockDuty: z.array(colour) }),
  /** What is kept of a command beside that it was carried out: its answer, and of what was asked a keyed hash. */
  commands: z.strictObject({ answers: rule({ kept: days }) }),
  exports: z.strictObject({
    /** By then an event that was written stands in the sealed log. */
    seal: rule({ within: minutes }),
    /** A day's bundle is closed so long after its midnight; what comes later stands in the next one, under its own date. Verifiers know the bounds. */
    day: rule({ closeAfter: z.strictObject({ minutes: z.int().min(15).max(60) }) }),
    /** Of the sealed log and of the bundles of days and months. Nobody can shorten it for what is already there. */
    retention: rule({ years: count }),
    /** Of bundles that somebody asked for: they can be made again. */
    requested: rule({ kept: days }),
    /** An audit is open for so long at most; who needs longer opens another, which says so again. */
    audits: rule({ open: days }),
    /** Of an address that a bundle's file may be fetched from. */
    links: rule({ readWithin: minutes }),
    /** The monthly form (月报表): its rows in their order, and the day of the next month by which it goes to the next level. */
    form: rule({
      due: z.strictObject({ day: z.int().min(1).max(28) }),
      rows: z
        .array(
          z.strictObject({
            code: text,
            name: text,
            /** `none`: the county says that it has none of the row; an empty list says that nobody has named them yet. */
            industries: z.union([z.array(text), z.enum(['rest', 'none'])]),
            within: text.optional(),
          }),
        )
        .min(1),
    }),
  }),
});

export type PolicyDocument = z.output<typeof policySchema>;

/** A change of one rule: `set` replaces whole values of the rule at the path. */
const change = z.strictObject({ rule: text, set: z.record(z.string(), z.json()), says: text });

/** Later editions and other practice that a county may adopt; none is in force until one does. */
export const laterSchema = z.record(
  z.string().regex(/^[a-z0-9-]{3,40}$/),
  z.strictObject({ title: text, citation: text, changes: z.array(change).min(1) }),
);

const adoption = { citation: text, scope: z.enum(['prefecture', 'county']), validFrom: day };

/** A county's own file. `since` is the day from which the county is run with this system. */
export const countySchema = z.strictObject({
  county: z.string().regex(/^[1-9]\d{5}$/),
  name: text,
  base: text,
  since: day,
  adopts: z.array(z.strictObject({ later: text, ...adoption })),
  overlays: z.array(z.strictObject({ ...change.shape, ...adoption })),
});

export type CountyFile = z.output<typeof countySchema>;
