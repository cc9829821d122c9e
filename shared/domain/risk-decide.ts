/**
 * What a command on a risk comes to (policy 二(一), 二(二), 二(四), 三(二)). The API and the import decide by this alone. What makes a
 * list in force laxer (a lower grade, a measure or a risk less) needs its head in person; what makes it graver holds at once.
 */
import type { Instant } from './calendar.ts';
import { isGraver } from './colour.ts';
import type { Actor } from './ledger-event.ts';
import type { Owner } from './owner.ts';
import { type Denied, type Ruling, refused } from './register-denials.ts';
import { hasRoomFor } from './register-list.ts';
import { openVersion, type RegisterOwner } from './register-owner.ts';
import {
  type Assessments,
  CONTROL_LEVELS,
  type Control,
  controlsOf,
  countingColour,
  type EnteredControl,
  type Grades,
  gradeBoth,
  isInstallationLess,
  type MajorInstallation,
  measuresLost,
  type RiskContent,
  type RiskFact,
  type RiskKey,
  type RiskPoint,
  standingOf,
} from './register-risk.ts';
import { isHead, type RegisterRules } from './register-rules.ts';
import { isSame } from './same.ts';

/**
 * A risk as people enter it: levels and persons of its controls may be left to the rule. `none`: it is expressly no major installation,
 * where a row of a list that says nothing leaves standing what stands.
 */
export type EnteredContent = Omit<RiskContent, 'controls' | 'majorInstallation'> & {
  readonly controls: readonly EnteredControl[];
  readonly majorInstallation?: MajorInstallation | 'none' | undefined;
};

export type RiskCommand =
  | {
      readonly type: 'AddRisk';
      readonly key: RiskKey;
      readonly department?: Owner | undefined;
      readonly content: EnteredContent;
      /** May be left for later; what is not graded cannot be signed. */
      readonly assessments?: Assessments | undefined;
    }
  | { readonly type: 'ChangeRisk'; readonly department?: Owner | undefined; readonly content: EnteredContent }
  | { readonly type: 'RegradeRisk'; readonly assessments: Assessments; readonly because: string }
  | { readonly type: 'RetireRisk'; readonly because: string };

/** Who asks, and when the server received it. */
export interface RegisterOccasion {
  readonly at: Instant;
  readonly actor: Actor;
}

/** Decides about one risk of an owner; `before` is the risk as it stands, whosever it is. */
export function decideRisk(
  owner: RegisterOwner,
  before: RiskPoint | undefined,
  command: RiskCommand,
  rules: RegisterRules,
  { at, actor }: RegisterOccasion,
): Ruling<RiskFact> {
  const list = openVersion(owner.list);
  if (command.type === 'AddRisk') {
    if (before !== undefined && before.owner !== owner.owner) return refused('other-owner', { field: 'no' });
    if (before !== undefined) return refused(before.retired === undefined ? 'number-used' : 'number-retired', { field: 'no' });
    const { key, department, content, assessments } = command;
    const graded = assessments && grade(assessments, rules);
    if (graded?.kind === 'denied') return graded;
    const grades = graded?.grades;
    return (
      faultOf(owner, key, content, department, rules) ?? {
        kind: 'decided',
        events: [
          {
            type: 'RiskAdded',
            data: {
              ...key,
              ...(department !== undefined && { department }),
              content: settled(content, grades, rules),
              ...(grades !== undefined && { grades }),
              list,
            },
          },
        ],
      }
    );
  }
  if (before === undefined) throw new Error(`${command.type} is about a risk that stands`);
  if (before.retired !== undefined) return refused('retired');
  switch (command.type) {
    case 'ChangeRisk': {
      const { content, department } = command;
      const wanted = {
        content: settled(content, before.grades, rules, before.content),
        ...(department !== undefined && { department }),
      };
      const fault = faultOf(owner, before, content, department, rules);
      if (fault !== undefined) return fault;
      if (isSame(wanted, { content: before.content, department: before.department })) return NOTHING;
      const lost = measuresLost(before.content.controls, wanted.content.controls);
      const inForce = countingColour(before, owner.list);
      if (lost.length > 0 && inForce !== undefined && !isHead(rules, owner.owner, actor.role)) {
        return refused('controls-need-head', { field: 'controls', members: { missing: lost.map(({ text }) => text) } });
      }
      const [stood, stands] = [before.content.majorInstallation, wanted.content.majorInstallation];
      if (isInstallationLess(stood, stands) && inForce !== undefined && !isHead(rules, owner.owner, actor.role)) {
        return refused('installation-needs-head', { field: 'majorInstallation', members: { from: stood, to: stands } });
      }
      return { kind: 'decided', events: [{ type: 'RiskChanged', data: { ...wanted, list } }] };
    }
    case 'RegradeRisk': {
      const graded = grade(command.assessments, rules);
      if (graded.kind === 'denied') return graded;
      const { grades } = graded;
      if (isSame(grades, before.grades)) return NOTHING;
      const [from, to] = [standingOf(before), grades.residual.colour];
      const inForce = countingColour(before, owner.list);
      if (inForce !== undefined && isGraver(inForce, to) && !isHead(rules, owner.owner, actor.role)) {
        return refused('laxer-needs-head', { field: 'residual', members: { from, to } });
      }
      return { kind: 'decided', events: [{ type: 'RiskRegraded', data: { grades, from, to, because: command.because, list } }] };
    }
    case 'RetireRisk':
      if (!isHead(rules, owner.owner, actor.role)) return refused('head-retires');
      return { kind: 'decided', events: [{ type: 'RiskRetired', data: { because: command.because, at, list } }] };
  }
}

/**
 * What a row of an imported list comes to: a new risk, or whatever of a standing one the row says otherwise. The grade comes first,
 * so that what the row leaves to the rule is settled by the colour that the row gives.
 */
export function decideRow(
  owner: RegisterOwner,
  before: RiskPoint | undefined,
  row: Extract<RiskCommand, { type: 'AddRisk' }> & { readonly assessments: Assessments },
  because: string,
  rules: RegisterRules,
  occasion: RegisterOccasion,
): Ruling<RiskFact> {
  if (before === undefined || before.owner !== owner.owner || before.retired !== undefined) {
    return decideRisk(owner, before, row, rules, occasion);
  }
  const { assessments, content } = row;
  const regraded = decideRisk(owner, before, { type: 'RegradeRisk', assessments, because }, rules, occasion);
  if (regraded.kind === 'denied') return regraded;
  const grades = regraded.events.flatMap((fact) => (fact.type === 'RiskRegraded' ? [fact.data.grades] : []))[0] ?? before.grades;
  const majorInstallation = content.majorInstallation ?? before.content.majorInstallation;
  const wanted = { ...content, ...(majorInstallation !== undefined && { majorInstallation }) };
  const change: RiskCommand = { type: 'ChangeRisk', content: wanted, department: row.department ?? before.department };
  const changed = decideRisk(owner, { ...before, grades }, change, rules, occasion);
  if (changed.kind === 'denied') return changed;
  return { kind: 'decided', events: [...regraded.events, ...changed.events] };
}

const NOTHING: Ruling<never> = { kind: 'decided', events: [] };

function settled(
  { majorInstallation, ...content }: EnteredContent,
  grades: Grades | undefined,
  rules: RegisterRules,
  standing?: Pick<RiskContent, 'controls'>,
): RiskContent {
  const controls = controlsOf(content.controls, content.responsible, grades?.residual.colour ?? 'NONE', rules.defaultLevel);
  return {
    ...content,
    ...(majorInstallation !== undefined && majorInstallation !== 'none' && { majorInstallation }),
    controls: controls.map((control, index) => held(control, content.controls[index], standing?.controls)),
  };
}

/** A measure that stands keeps its level where none is entered and the rule's is lower: nothing becomes laxer by being left out. */
function held(control: Control, entered: EnteredControl | undefined, standing: readonly Control[] = []): Control {
  if (entered?.level !== undefined) return control;
  const before = standing.find(({ kind, text }) => kind === control.kind && text === control.text);
  const isLower = before !== undefined && CONTROL_LEVELS.indexOf(before.level) < CONTROL_LEVELS.indexOf(control.level);
  return isLower ? { ...control, level: before.level } : control;
}

function grade(assessments: Assessments, rules: RegisterRules): { kind: 'graded'; grades: Grades } | Denied {
  const outcome = gradeBoth(assessments, rules.grading);
  if (outcome.kind === 'graded') return outcome;
  const { side, refusal } = outcome;
  const { says, factor, allowed, reason } = refusal;
  return refused('assessment-refused', {
    says: `${side === 'inherent' ? '固有' : '现有'}风险：${says}。`,
    field: factor === undefined ? side : `${side}.${factor}`,
    members: { side, refusal: reason, ...(factor !== undefined && { factor }), ...(allowed !== undefined && { allowed }) },
  });
}

/** What of the content the county's policy and places do not know. */
function faultOf(
  owner: RegisterOwner,
  { township }: Pick<RiskKey, 'township'>,
  { accidents, workshop, team }: Pick<EnteredContent, 'accidents' | 'workshop' | 'team'>,
  department: Owner | undefined,
  rules: RegisterRules,
): Denied | undefined {
  if (township !== undefined && !rules.townships.has(township)) return refused('unknown-township', { field: 'township' });
  if (department !== undefined && !isDepartment(department, rules)) return refused('unknown-department', { field: 'department' });
  const stranger = accidents.find(({ edition, code }) => !isListed(rules.accidents, edition, code));
  if (stranger !== undefined) {
    return refused('unknown-accident', {
      field: 'accidents',
      members: { accident: stranger, editions: Object.keys(rules.accidents) },
    });
  }
  if (!hasRoomFor(owner, [{ workshop, team }])) return refused('too-many-workshops', { field: 'workshop' });
  return undefined;
}

/** Whether the owner is a department of the policy. */
export const isDepartment = (owner: Owner, { departments }: Pick<RegisterRules, 'departments'>): boolean =>
  owner.startsWith('DEPT:') && Object.hasOwn(departments, owner.slice('DEPT:'.length));

const isListed = (editions: RegisterRules['accidents'], edition: string, code: string): boolean =>
  Object.hasOwn(editions, edition) && Object.hasOwn(editions[edition] ?? {}, code);
