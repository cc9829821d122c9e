/** Who read what, as the ledger has it. */
import * as z from 'zod';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { readOut } from './exports-out.ts';

const filesRead = z.object({ files: z.array(z.string()), audit: z.string().optional() });
const saltsRead = z.object({ values: z.int(), events: z.array(z.string()).optional(), audit: z.string().optional() });

/** What an event of an export says of a reading; nothing where it is about something else. */
export function readsOf({ type, at, actor, data }: LedgerEvent): z.input<typeof readOut>[] {
  const { owner, ...by } = actor;
  const who = { at, by: { ...by, ...(owner !== undefined && { owner }) } };
  if (type === 'ExportRead') return [{ ...who, what: 'files', ...filesRead.parse(data) }];
  return type === 'SaltsRead' ? [{ ...who, what: 'salts', ...saltsRead.parse(data) }] : [];
}
