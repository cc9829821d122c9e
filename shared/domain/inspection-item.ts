/** The list of items that may be inspected (抽查事项清单) of one authority, with the columns that such lists are published with. */
import type { DrawFamily } from './draw-kind.ts';
import type { Department, ItemNo } from './ids.ts';

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
