/** Whose what is asked for is: what an enterprise may ask for is its own alone. */
import * as z from 'zod';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { Subject } from '../../shared/domain/access.ts';
import type { ExportRequest } from '../../shared/domain/export.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner, isOwner, type Owner } from '../../shared/domain/owner.ts';

export interface WhoseDependencies {
  readonly county: CountyCode;
  readonly ledger: Pick<LedgerStore, 'at'>;
}

const reported = z.object({ owner: z.string().refine(isOwner) });
const ownerNamed = (text: string | undefined): Owner | undefined => (text !== undefined && isOwner(text) ? text : undefined);

/** The owner of a subject of the ledger, where it is of one owner; `first` is its first event. */
function ownerOf(subject: string, first: LedgerEvent | undefined): Owner | undefined {
  const [kind, ...parts] = subject.split('#');
  switch (kind) {
    case 'ENT':
    case 'RISK':
    case 'LIST':
    case 'XCHG':
      return ownerNamed(`ENT:${parts[0]}`);
    case 'SEAL':
      return ownerNamed(parts[2]);
    case 'HAZ':
      return reported.safeParse(first?.data).data?.owner;
    case 'ROUND':
      return first?.actor.owner;
    default:
      return undefined;
  }
}

/** What grants are held against. Bundles of days, months and ranges are the county's. */
export async function subjectOf({ county, ledger }: WhoseDependencies, request: ExportRequest | undefined): Promise<Subject> {
  const owner = await (async (): Promise<Owner | undefined> => {
    if (request === undefined || request.kind === 'range') return undefined;
    if (request.kind === 'enterprise') return enterpriseOwner(request.enterprise);
    const subject = request.kind === 'hazard' ? hazardSubject(request.hazard) : request.subject;
    return ownerOf(subject, await ledger.at({ subject, sequence: 1 }));
  })();
  return { county, ...(owner !== undefined && { owner }) };
}
