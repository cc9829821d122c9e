/** The policy as people may read and dispute it: each rule with its numbers, its sentence and where it comes from. */
import type * as z from 'zod';
import { dayOf, type Instant } from '../../shared/domain/calendar.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { isRule } from '../../shared/policy/rule.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readMilestones, readPolicy, readRule } from './api.ts';

type RuleOut = z.input<typeof readPolicy.output>['rules'][number];
type Values = RuleOut['values'];

/** A rule as `policyFor` gives it. */
type Explained = object & { readonly basis: RuleOut['basis']; readonly why: Why };
const isExplained = (node: object): node is Explained => isRule(node) && 'why' in node;

/** Every rule of a policy, in the order of its document. */
function* rulesIn(node: unknown): Generator<RuleOut> {
  if (typeof node !== 'object' || node === null) return;
  if (!isExplained(node)) {
    for (const child of Object.values(node)) yield* rulesIn(child);
    return;
  }
  const { basis, why, ...rest } = node;
  const values = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'says')) as Values;
  yield { rule: why.rule, values, why, basis };
}

export const rulesOf = (policy: Policy): RuleOut[] => [...rulesIn(policy)];

export function servePolicy(policyAt: (at: Instant) => Policy) {
  const inForce = (wanted: Instant | undefined, now: Instant) => {
    const at = wanted ?? now;
    const policy = policyAt(at);
    return { policy, edition: { county: policy.county, at, edition: policy.edition } };
  };
  return {
    async readPolicy({ query, at }: Request<typeof readPolicy>) {
      const { policy, edition } = inForce(query.at, at);
      const { id, revision, number, title, issued, zone, clauses } = policy;
      const { under } = query;
      const rules = rulesOf(policy).filter(({ rule }) => under === undefined || rule === under || rule.startsWith(`${under}.`));
      const accidentTypes = structuredClone(policy.accidents.editions);
      return { ...edition, id, revision, number, title, issued, zone, clauses: { ...clauses }, accidentTypes, rules };
    },

    async readRule({ params, query, at }: Request<typeof readRule>) {
      const { policy, edition } = inForce(query.at, at);
      const found = rulesOf(policy).find(({ rule }) => rule === params.rule);
      if (found === undefined) throw new Problem(404, 'not-found', '政策中没有这条规则，可从 GET /v1/policy 查看全部规则。');
      return { ...edition, ...found };
    },

    async readMilestones({ query, at }: Request<typeof readMilestones>) {
      const { policy, edition } = inForce(query.at, at);
      const items = Object.entries(policy.milestones)
        .map(([milestone, { due, why }]) => ({ milestone, due, isPast: due < dayOf(edition.at), why }))
        .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
      return { ...edition, items };
    },
  };
}
