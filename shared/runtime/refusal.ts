/** Refusals of the domain as the problems that they are to a caller. */
import type { Why } from '../domain/why.ts';
import { Problem } from './problem.ts';

/** A rule said no to what stands, to who asks, or to what was handed in. */
const STATUS = { state: 409, person: 403, content: 422 } as const;

interface Refused {
  readonly reason: string;
  readonly says: string;
  readonly field?: string | undefined;
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/** `why`: the rule of the policy that it rests on, where it rests on one. */
export const problemOf = ({ reason, says, field, members }: Refused, about: keyof typeof STATUS, why: Why | undefined): Problem =>
  new Problem(STATUS[about], reason, says, { ...members, ...(field !== undefined && { field }), ...(why && { why }) });

/** Refuses a change of what stands at another version than the caller saw. */
export function refuseStale(stands: number, seen: number): void {
  if (stands !== seen) throw new Problem(409, 'stale-version', '数据已有新的改动，请刷新后再提交。', { version: stands });
}
