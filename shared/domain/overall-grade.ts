/**
 * An enterprise's overall grade (三(三)): it follows the policy's rule, and the department may raise or lower it with a reason. Where
 * the policy is silent: an adjustment is the department's answer to what it saw. When the enterprise's risks become graver than what
 * it saw and graver than what it decided, the adjustment lapses; risks that become laxer leave it as it is.
 */

import type { Instant } from './calendar.ts';
import { type Colour, isGraver, type Standing } from './colour.ts';
import type { Actor } from './ledger-event.ts';
import { type Ruling, refused } from './register-denials.ts';
import { gravestCounting, type OwnerFact, type RegisterOwner } from './register-owner.ts';
import type { RegisterRules } from './register-rules.ts';

const ruledGrade = (owner: RegisterOwner, { overall }: RegisterRules): Standing =>
  overall.by === 'gravest-counting-risk' ? gravestCounting(owner) : 'NONE';

/** What the overall grade does after the owner's list changed. */
export function followOverall(owner: RegisterOwner, rules: RegisterRules): OwnerFact[] {
  const rule = ruledGrade(owner, rules);
  const { adjustment } = owner.overall;
  if (owner.enterprise === undefined || rule === owner.overall.rule) return [];
  const lapsed = adjustment !== undefined && isGraver(rule, adjustment.rule) && isGraver(rule, adjustment.colour);
  return [{ type: 'OverallGradeFollowed', data: { rule, lapsed } }];
}

/** The department's own judgement. */
export function adjustOverall(
  owner: RegisterOwner,
  { colour, reason }: { readonly colour: Colour; readonly reason: string },
  rules: RegisterRules,
  { at, actor }: { readonly at: Instant; readonly actor: Actor },
): Ruling<OwnerFact> {
  const { rule } = owner.overall;
  if (colour === rule) return refused('same-as-rule', { field: 'colour' });
  const direction = isGraver(colour, rule) ? 'up' : 'down';
  if (!rules.overall.directions.includes(direction)) return refused('adjustment-direction', { field: 'colour' });
  return {
    kind: 'decided',
    events: [{ type: 'OverallGradeAdjusted', data: { colour, rule, reason, by: actor.id, at } }],
  };
}

/** Takes the adjustment back. */
export const returnToRule = (owner: RegisterOwner, because: string): Ruling<OwnerFact> =>
  owner.overall.adjustment === undefined
    ? refused('not-adjusted')
    : { kind: 'decided', events: [{ type: 'OverallGradeFollowed', data: { rule: owner.overall.rule, lapsed: true, because } }] };
