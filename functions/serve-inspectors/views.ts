import type * as z from 'zod';
import type { StoredInspector } from '../../shared/data/inspector-store.ts';
import type { Kept } from '../../shared/data/item-list-store.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import { DRAW_KIND_NAMES } from '../../shared/domain/draw-kind.ts';
import { type Department, GOVERNMENT } from '../../shared/domain/ids.ts';
import type { ItemList } from '../../shared/domain/inspection-item.ts';
import type { InspectionPlan } from '../../shared/domain/inspection-plan.ts';
import type { InspectorContent } from '../../shared/domain/inspector.ts';
import { perMonthOf } from '../../shared/domain/recusal.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { changeInspector } from './api.ts';
import type { inspectorOut, itemListOut, planOut } from './inspectors-out.ts';
import { nameOfIndustry } from './keeping.ts';
import type { Workload } from './workload.ts';

export type InspectorView = z.input<typeof inspectorOut>;
type ItemListView = z.input<typeof itemListOut>;
type PlanView = z.input<typeof planOut>;

/** What was entered, without members that were left out. */
export const entered = ({
  employer,
  perMonth,
  ...content
}: Omit<z.output<NonNullable<typeof changeInspector.body>>, 'version'>): Omit<InspectorContent, 'authority'> => ({
  ...content,
  ...(employer !== undefined && { employer }),
  ...(perMonth !== undefined && { perMonth }),
});

export function inspectorView(
  { inspector, version }: StoredInspector,
  workload: Workload,
  policy: Policy,
  today: Day,
): InspectorView {
  const { id, content, absences, interests, retired } = inspector;
  const { drawing } = policy;
  const { authority, role, skills, certificate, employer } = content;
  return {
    id,
    role,
    authority,
    authorityName: nameOfAuthority(authority, policy),
    skills: [...skills],
    skillNames: skills.map((skill) => nameOfIndustry(skill, policy)),
    certificate: { ...certificate, isValid: certificate.until >= today },
    ...(employer !== undefined && { employer }),
    perMonth: perMonthOf(inspector, drawing.visits.perMonth),
    absences: absences.map((absence) => ({ ...absence })),
    interests: interests.map(({ kind, ...interest }) => ({
      ...interest,
      kind,
      kindName: Object.entries(drawing.interests.values).find(([code]) => code === kind)?.[1] ?? kind,
    })),
    ...(retired !== undefined && { retired }),
    workload,
    why: drawing.interests.why,
    version,
  };
}

export function itemListView(authority: Department, kept: Kept<ItemList> | undefined, policy: Policy): ItemListView {
  return {
    authority,
    authorityName: nameOfAuthority(authority, policy),
    items: (kept?.state.items ?? []).map(({ authority: _, appliesTo, kinds, ...item }) => ({
      ...item,
      appliesTo: [...appliesTo],
      kinds: [...kinds],
    })),
    ...(kept !== undefined && { keptAt: kept.keptAt }),
    why: policy.drawing.items.why,
    version: kept?.version ?? 0,
  };
}

/** What a period is looked at for. Without a plan it is everything. */
export function planView(
  { authority, period }: Pick<InspectionPlan, 'authority' | 'period'>,
  kept: Kept<InspectionPlan> | undefined,
  policy: Policy,
): PlanView {
  const isGovernments = authority === GOVERNMENT;
  const kind = kept?.state.kind ?? (isGovernments ? 'COMPREHENSIVE' : 'SPECIAL');
  return {
    authority,
    authorityName: nameOfAuthority(authority, policy),
    period,
    kind,
    kindName: DRAW_KIND_NAMES[kind],
    theme: kept?.state.theme ?? '全部对象',
    industries: [...(kept?.state.industries ?? [])],
    townships: [...(kept?.state.townships ?? [])],
    ...(kept !== undefined && { keptAt: kept.keptAt }),
    why: isGovernments ? policy.supervision.government.why : policy.supervision.department.why,
    version: kept?.version ?? 0,
  };
}
