/** `policy.json` of a bundle: the county's policy as it was in force up to its last day, by which its state and its form can be computed again. */
import * as z from 'zod';
import { CADENCES, type Day, dayOf } from '../../shared/domain/calendar.ts';
import type { MonthlyForm } from '../../shared/domain/monthly-form.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import type { CountyPolicies } from '../../shared/policy/load.ts';

export const POLICY = 'policy.json';

/** The county's name, and every edition that began by a day, in order; `from` is empty for the one that was there before any change. */
export function policyText({ name, days, at }: CountyPolicies, to: Day): Uint8Array {
  const editions = days.filter((from) => from <= to).map((from) => ({ from, policy: at(from) }));
  return canonical(JSON.parse(JSON.stringify({ name, editions })) as Json);
}

const every = z.object({ every: z.enum(CADENCES) });
const row = z.object({
  code: z.string(),
  name: z.string(),
  industries: z.union([z.array(z.string()), z.literal('rest')]),
  within: z.string().optional(),
});
const form = z.object({ due: z.object({ day: z.int() }), rows: z.array(row) });
const policy = z.object({
  selfChecks: z.object({ RED: every, ORANGE: every, YELLOW: every, BLUE: every }),
  exports: z.object({ form }),
});
const editionsSchema = z.object({ name: z.string(), editions: z.array(z.object({ from: z.string(), policy })).min(1) });

/** Who sends a county's form. */
export const formUnit = (name: string): string => `${name}安全生产委员会办公室`;

export interface StatePolicy {
  /** As the county signs. */
  readonly name: string;
  readonly rules: RebuildRules;
  readonly formOf: (to: MonthlyForm['due']) => z.output<typeof form>;
}

/** What the state and the form follow, as a bundle says it. */
export function readStatePolicy(text: string): StatePolicy {
  const { name, editions } = editionsSchema.parse(JSON.parse(text));
  const on = (day: string) => {
    const found = editions.findLast(({ from }) => from <= day)?.policy;
    if (found === undefined) throw new RangeError(`${POLICY} has no edition for ${day}`);
    return found;
  };
  return {
    name,
    rules: {
      cadencesAt(at) {
        const { RED, ORANGE, YELLOW, BLUE } = on(dayOf(at)).selfChecks;
        return { RED: RED.every, ORANGE: ORANGE.every, YELLOW: YELLOW.every, BLUE: BLUE.every };
      },
    },
    formOf: (to) => on(to).exports.form,
  };
}
