import type { Role } from './caller.ts';
import type { Colour } from './colour.ts';
import type { GradingRules } from './grading.ts';
import type { TownshipCode } from './ids.ts';
import type { Limit } from './limit.ts';
import type { Owner } from './owner.ts';
import type { ControlLevel } from './register-risk.ts';

/** What the register needs of the county's policy and of its places. */
export interface RegisterRules {
  readonly townships: ReadonlySet<TownshipCode>;
  /** Code → the department that supervises the industry. */
  readonly industries: Readonly<Record<string, { readonly department: string }>>;
  readonly departments: Readonly<Record<string, string>>;
  /** Edition of the standard → code → name. */
  readonly accidents: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The edition that lists without one of their own are read by. */
  readonly accidentEdition: string;
  readonly grading: GradingRules;
  readonly defaultLevel: Readonly<Record<Colour, ControlLevel>>;
  /** Who is the head that signs, by the kind of owner. */
  readonly signers: Readonly<Record<'ENT' | 'TOWN' | 'DEPT', readonly Role[]>>;
  readonly overall: {
    readonly by: 'gravest-counting-risk' | 'assessed-only';
    readonly directions: readonly ('up' | 'down')[];
  };
  readonly shortestSuspension: Limit;
  readonly longestSuspension: Limit;
  /** Colours of public areas that need a department in charge of the block. */
  readonly blockDuty: readonly Colour[];
}

const KINDS = ['ENT', 'TOWN', 'DEPT'] as const;

/** Whether the role is the head's of this owner: who signs its list, and without whom nothing in force becomes laxer. */
export const isHead = ({ signers }: Pick<RegisterRules, 'signers'>, owner: Owner, role: Role): boolean =>
  KINDS.some((kind) => owner.startsWith(`${kind}:`) && signers[kind].includes(role));
