import { type CreditCode, creditCode } from './credit-code.ts';
import type { TownshipCode } from './ids.ts';

/**
 * Whose risk it is, and so whose head signs its list (policy 一(三)): an enterprise, a township, or a department for its own
 * risks and the public areas in its care. Written `ENT:<credit code>`, `TOWN:<township code>`, `DEPT:<department>`.
 */
export type Owner = `ENT:${string}` | `TOWN:${string}` | `DEPT:${string}`;

const OWNER = /^(?:ENT:[0-9A-Z]{18}|TOWN:[1-9]\d{8}|DEPT:[A-Z][A-Z0-9]{1,15})$/;

export const isOwner = (text: string): text is Owner =>
  OWNER.test(text) && (!text.startsWith('ENT:') || creditCode.is(text.slice(4)));

export const enterpriseOwner = (uscc: CreditCode): Owner => `ENT:${uscc}`;
export const townshipOwner = (township: TownshipCode): Owner => `TOWN:${township}`;
export const departmentOwner = (department: string): Owner => `DEPT:${department}`;
export const isDepartment = (owner: Owner): boolean => owner.startsWith('DEPT:');

/** The credit code of an enterprise that owns, `undefined` for a township or a department. */
export const enterpriseOf = (owner: Owner): CreditCode | undefined =>
  owner.startsWith('ENT:') ? creditCode(owner.slice(4)) : undefined;
