/** The list of items that may be inspected (抽查事项清单) of one authority, with the columns that such lists are published with. */
import { type DirectoryRuling, notAllowed } from './directory-denials.ts';
import type { DrawFamily } from './draw-kind.ts';
import type { Department, ItemNo } from './ids.ts';
import { type DirectoryRules, isAuthority } from './inspector-decide.ts';
import { AREA_INDUSTRY } from './object.ts';
import { isSame } from './same.ts';

/** So many items fit in one record and one published file. */
export const MOST_ITEMS = 150;

export interface InspectionItem {
  readonly authority: Department;
  readonly no: ItemNo;
  /** 抽查事项名称, 抽查子项, 抽查依据. */
  readonly name: string;
  readonly subItem?: string;
  readonly basis: string;
  /** 抽查对象: the industries it applies to, `area` for public areas, `*` for all. */
  readonly appliesTo: readonly string[];
  readonly kinds: readonly DrawFamily[];
  /** 抽查方式, 检查人员要求, 备注. */
  readonly way: string;
  readonly staff?: string;
  readonly remark?: string;
}

/** The whole list is replaced at once, so that what is published is one version. */
export interface ItemList {
  readonly authority: Department;
  readonly items: readonly InspectionItem[];
}

export type ItemListFact = { readonly type: 'ItemListKept'; readonly data: ItemList };

export const itemListSubject = (authority: Department): string => `ITEMS#${authority}`;

/** A list is one record, one event and one file. */
const MOST_BYTES = 200_000;

/** Keeps the whole list. Draws that were announced go on with the list that they were announced with. */
export function keepItems(before: ItemList | undefined, list: ItemList, rules: DirectoryRules): DirectoryRuling<ItemListFact> {
  if (!isAuthority(list.authority, rules)) return notAllowed('unknown-authority', { field: 'authority' });
  const numbers = new Set<ItemNo>();
  for (const [index, { no, appliesTo }] of list.items.entries()) {
    if (numbers.has(no)) return notAllowed('item-twice', { field: `items.${index}.no`, members: { no } });
    numbers.add(no);
    const isKnown = (to: string): boolean =>
      to === '*' ? appliesTo.length === 1 : to === AREA_INDUSTRY || rules.industries.has(to);
    if (!appliesTo.every(isKnown)) return notAllowed('unknown-skill', { field: `items.${index}.appliesTo`, members: { no } });
  }
  if (new TextEncoder().encode(JSON.stringify(list)).length > MOST_BYTES) return notAllowed('items-too-long', { field: 'items' });
  return { kind: 'decided', events: isSame(before, list) ? [] : [{ type: 'ItemListKept', data: list }] };
}

/** Whether an item is looked at where this family of draws comes to an industry, or to a public area. */
export const isItemFor = (
  { kinds, appliesTo }: Pick<InspectionItem, 'kinds' | 'appliesTo'>,
  family: DrawFamily,
  industry: string,
): boolean => kinds.includes(family) && (appliesTo.includes('*') || appliesTo.includes(industry));
