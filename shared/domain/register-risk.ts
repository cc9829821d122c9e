/**
 * A risk point of an enterprise, or a risk of a public area: what the policy's list, checklist and notice card ask of it (二(一), 二(二),
 * 二(四), 三(二)), its grades, and the version of its owner's list in which it came and last changed.
 */
import type { Day, Instant } from './calendar.ts';
import { type Colour, isGraver, type Standing } from './colour.ts';
import { type Assessment, type Grade, type GradingRules, gradeRisk, isResidualAllowed, type Outcome } from './grading.ts';
import type { RiskNo, TownshipCode } from './ids.ts';
import { enterpriseOf, type Owner } from './owner.ts';

/** 生产工艺、设备设施、作业环境、人员行为、管理体系, policy 二(一). */
export const DIMENSIONS = ['process', 'equipment', 'environment', 'behaviour', 'management'] as const;
/** 岗位人员、班组长、安全管理人员、专家, policy 二(一). */
export const PARTICIPANTS = ['post-holder', 'team-leader', 'safety-manager', 'expert'] as const;
/** 隔离危险源、采取技术手段、实施个体防护、设置监控设施, policy 二(四). */
export const CONTROL_KINDS = ['isolation', 'technical', 'protection', 'monitoring'] as const;
/** 企业、车间、班组、岗位, policy 二(四). */
export const CONTROL_LEVELS = ['enterprise', 'workshop', 'team', 'post'] as const;
export type ControlLevel = (typeof CONTROL_LEVELS)[number];

/** One control measure, which is also one item of the checklist (一企一标准). */
export interface Control {
  readonly kind: (typeof CONTROL_KINDS)[number];
  readonly level: ControlLevel;
  readonly text: string;
  readonly unit?: string | undefined;
  readonly person: string;
}

/** In units of 0.0000001 degree, so that no floating number is stored. */
export interface Coordinates {
  readonly longitude: number;
  readonly latitude: number;
}

export interface Accident {
  /** As the policy names it: `GB 6441-1986`. */
  readonly edition: string;
  readonly code: string;
}

/** 一级 to 四级 of GB 18218, the first the gravest. */
export const INSTALLATION_LEVELS = [1, 2, 3, 4] as const;

/** A major installation for hazardous substances (重大危险源), policy 二(一), 二(四), 三(四). */
export interface MajorInstallation {
  readonly level?: (typeof INSTALLATION_LEVELS)[number] | undefined;
  /** The number under which it is registered with the department (备案编号). */
  readonly registration?: string | undefined;
}

export interface RiskContent {
  readonly name: string;
  readonly location: string;
  readonly coordinates?: Coordinates | undefined;
  /** Where in the enterprise it belongs; absent for what belongs to the whole, and for public areas. */
  readonly workshop?: string | undefined;
  readonly team?: string | undefined;
  readonly post?: string | undefined;
  readonly identifiedOn?: Day | string | undefined;
  readonly dimensions: readonly (typeof DIMENSIONS)[number][];
  /** Who took part in identifying it, by role. */
  readonly participants: readonly { readonly as: (typeof PARTICIPANTS)[number]; readonly names: readonly string[] }[];
  /** GB/T 13861, six digits. */
  readonly factorCode?: string | undefined;
  /** Absent for what is none. */
  readonly majorInstallation?: MajorInstallation | undefined;
  /** The risk event (主要安全风险). */
  readonly mainRisk: string;
  readonly accidents: readonly Accident[];
  readonly possibleHazards: string;
  readonly consequences: string;
  readonly controls: readonly Control[];
  readonly emergency: string;
  readonly reporting: string;
  readonly responsible: string;
}

/** Before and after the controls; the residual grade is the one in force. */
export interface Grades {
  readonly inherent: Grade;
  readonly residual: Grade;
}

/** A risk is named by its owner's enterprise and its number, an area's by its township and its number. */
export interface RiskKey {
  readonly owner: Owner;
  readonly no: RiskNo;
  /** Given for a public area, and only there. */
  readonly township?: TownshipCode | undefined;
}

export interface RiskPoint extends RiskKey {
  /** The department in charge of the block, for areas of the graver colours (三(二)). */
  readonly department?: Owner | undefined;
  readonly content: RiskContent;
  readonly grades?: Grades | undefined;
  /** It counts once this version of the list, or a later one, was signed (一(三)). */
  readonly addedIn: number;
  readonly changedIn: number;
  readonly retired?: { readonly at: Instant; readonly because: string } | undefined;
  /** The last sequence of its subject in the ledger. */
  readonly version: number;
}

export type RiskFact =
  | {
      readonly type: 'RiskAdded';
      readonly data: Pick<RiskPoint, 'owner' | 'no' | 'township' | 'department' | 'content' | 'grades'> & {
        readonly list: number;
      };
    }
  | { readonly type: 'RiskChanged'; readonly data: Pick<RiskPoint, 'department' | 'content'> & { readonly list: number } }
  | {
      readonly type: 'RiskRegraded';
      readonly data: {
        readonly grades: Grades;
        readonly from: Standing;
        readonly to: Colour;
        readonly because: string;
        readonly list: number;
      };
    }
  | { readonly type: 'RiskRetired'; readonly data: { readonly because: string; readonly at: Instant; readonly list: number } };

/** Applies a recorded fact; judges nothing. */
export function evolveRisk(risk: RiskPoint | undefined, fact: RiskFact): RiskPoint {
  if (fact.type === 'RiskAdded') {
    const { list, ...added } = fact.data;
    return { ...added, addedIn: list, changedIn: list, version: 1 };
  }
  if (risk === undefined) throw new Error(`${fact.type} cannot come first`);
  const next = { ...risk, version: risk.version + 1, changedIn: fact.data.list };
  switch (fact.type) {
    case 'RiskChanged': {
      const { department: _, ...rest } = next;
      const { content, department } = fact.data;
      return { ...rest, content, ...(department !== undefined && { department }) };
    }
    case 'RiskRegraded':
      return { ...next, grades: fact.data.grades };
    case 'RiskRetired':
      return { ...next, retired: { at: fact.data.at, because: fact.data.because } };
  }
}

/** The partition it stands in. What is retired or not yet graded has no colour. */
export const standingOf = ({ retired, grades }: Pick<RiskPoint, 'retired' | 'grades'>): Standing =>
  retired === undefined ? (grades?.residual.colour ?? 'NONE') : 'NONE';

/** The colour under which it is due, drawn and on the map; `undefined` while it does not count. */
export const countingColour = (risk: RiskPoint, { signedVersion }: { readonly signedVersion: number }): Colour | undefined =>
  risk.retired === undefined && risk.addedIn <= signedVersion ? risk.grades?.residual.colour : undefined;

/** Its subject in the ledger, and its sort key in the register. */
export function riskSubject({ owner, no, township }: RiskKey): string {
  if (township !== undefined) return `AREA#${township}#${no}`;
  const uscc = enterpriseOf(owner);
  if (uscc === undefined) throw new Error(`${owner} is no enterprise, so its risk ${no} needs a township`);
  return `RISK#${uscc}#${no}`;
}

export interface Assessments {
  readonly inherent: Assessment;
  readonly residual: Assessment;
}

type Refused = Extract<Outcome, { kind: 'refused' }>;

/** Grades both assessments, or says what is wrong with which. */
export function gradeBoth(
  assessments: Assessments,
  rules: GradingRules,
):
  | { readonly kind: 'graded'; readonly grades: Grades }
  | {
      readonly kind: 'refused';
      readonly side: keyof Assessments;
      readonly refusal: Pick<Refused, 'says' | 'factor' | 'allowed'> & { readonly reason: string };
    } {
  const inherent = gradeRisk(assessments.inherent, rules);
  if (inherent.kind === 'refused') return { kind: 'refused', side: 'inherent', refusal: inherent };
  const residual = gradeRisk(assessments.residual, rules);
  if (residual.kind === 'refused') return { kind: 'refused', side: 'residual', refusal: residual };
  if (!isResidualAllowed(inherent.grade.colour, residual.grade.colour)) {
    const says = '现有（剩余）风险等级不得高于固有风险等级，请核对采取措施前后的取值';
    return { kind: 'refused', side: 'residual', refusal: { reason: 'residual-above-inherent', says } };
  }
  return { kind: 'graded', grades: { inherent: inherent.grade, residual: residual.grade } };
}

/** A control as it is entered: what is left out follows from the risk. */
export type EnteredControl = Pick<Control, 'kind' | 'text' | 'unit'> & {
  readonly level?: ControlLevel | undefined;
  readonly person?: string | undefined;
};

/** Controls without a level are kept where the policy's default for the colour says; without a person, by the one responsible for the risk. */
export const controlsOf = (
  entered: readonly EnteredControl[],
  responsible: string,
  colour: Standing,
  defaults: Readonly<Record<Colour, ControlLevel>>,
): Control[] =>
  entered.map(({ kind, level, text, unit, person }) => ({
    kind,
    level: level ?? (colour === 'NONE' ? 'enterprise' : defaults[colour]),
    text,
    ...(unit !== undefined && { unit }),
    person: person ?? responsible,
  }));

const isUpheld = ({ kind, level, text, unit }: Control, by: Control): boolean =>
  by.kind === kind && by.text === text && by.unit === unit && CONTROL_LEVELS.indexOf(by.level) <= CONTROL_LEVELS.indexOf(level);

/**
 * The measures of `before` that `after` does not have: left out, worded otherwise, or handed to a lower level. Nobody but a person can
 * tell whether other words are weaker. Who answers for a measure may change freely: people come and go.
 */
export const measuresLost = (before: readonly Control[], after: readonly Control[]): Control[] =>
  before.filter((control) => !after.some((each) => isUpheld(control, each)));

/** Whether it is a major installation that there still is, signed for or not: it is dangerous before anybody signs. */
export const isMajorInstallation = ({ retired, content }: Pick<RiskPoint, 'retired' | 'content'>): boolean =>
  retired === undefined && content.majorInstallation !== undefined;

/** Whether what is said of an installation makes less of it: no longer one, of a lower level, or of none. */
export const isInstallationLess = (before: MajorInstallation | undefined, after: MajorInstallation | undefined): boolean => {
  if (before === undefined) return false;
  if (after === undefined) return true;
  return before.level !== undefined && (after.level === undefined || after.level > before.level);
};

/** One item of the checklist that a check goes through (一企一标准, 二(三)). */
export interface ChecklistItem extends Control {
  /** From 1, in the order of the controls. */
  readonly item: number;
}

export const checklistOf = ({ controls }: Pick<RiskContent, 'controls'>): ChecklistItem[] =>
  controls.map((control, index) => ({ item: index + 1, ...control }));

/** Lines by which a list is told from every other: each risk with its version, which the ledger explains. */
export const listText = (owner: Owner, list: number, risks: readonly RiskPoint[]): string =>
  [
    `${owner} ${list}`,
    ...risks
      .filter(({ retired }) => retired === undefined)
      .map((risk) => `${riskSubject(risk)} ${risk.version} ${standingOf(risk)}`)
      .sort((a, b) => (a < b ? -1 : 1)),
  ].join('\n');

/** Gravest first, then by number: the order of boards and lists. */
export const byGravity = (a: RiskPoint, b: RiskPoint): number => {
  const [left, right] = [standingOf(a), standingOf(b)];
  if (left !== right) return isGraver(left, right) ? -1 : 1;
  return a.no < b.no ? -1 : a.no > b.no ? 1 : 0;
};
