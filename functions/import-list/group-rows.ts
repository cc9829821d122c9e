/** Rows of a list in groups of one owner each, small enough for one transaction, in an order that puts an enterprise before its risks. */
import type { AreaRow, EnterpriseRow, ReadList, RiskRow } from '../../shared/domain/import-rows.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';

export interface RowGroup {
  readonly owner: Owner;
  /** Of the same owner's groups, from 0. */
  readonly part: number;
  /** The owner's own row, in each of its groups, so that a trial can take it for written; it is carried out with the first. */
  readonly enterprise?: EnterpriseRow;
  readonly risks: readonly RiskRow[];
  readonly areas: readonly AreaRow[];
}

/** The rows that the group answers for. */
export const rowsOf = ({ part, enterprise, risks, areas }: RowGroup): number =>
  (enterprise !== undefined && part === 0 ? 1 : 0) + risks.length + areas.length;

export function groupRows(
  { enterprises, risks, areas }: Pick<ReadList, 'enterprises' | 'risks' | 'areas'>,
  most: number,
): RowGroup[] {
  const byOwner = new Map<Owner, { enterprise?: EnterpriseRow; risks: RiskRow[]; areas: AreaRow[] }>();
  const of = (owner: Owner) => {
    const known = byOwner.get(owner) ?? { risks: [], areas: [] };
    byOwner.set(owner, known);
    return known;
  };
  for (const row of enterprises) of(enterpriseOwner(row.uscc)).enterprise = row;
  for (const row of risks) of(enterpriseOwner(row.uscc)).risks.push(row);
  for (const row of areas) of(row.owner).areas.push(row);

  return [...byOwner].flatMap(([owner, { enterprise, risks: own, areas: ownAreas }]) => {
    const cut = Math.max(1, Math.ceil(Math.max(own.length, ownAreas.length) / most));
    return Array.from({ length: cut }, (_, part) => ({
      owner,
      part,
      ...(enterprise !== undefined && { enterprise }),
      risks: own.slice(part * most, (part + 1) * most),
      areas: ownAreas.slice(part * most, (part + 1) * most),
    }));
  });
}
