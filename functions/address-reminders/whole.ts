/** What the bus has in brief, read again where it is recorded, or made again of what it follows from. */
import type { DutyStore } from '../../shared/data/duty-store.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { periodAt } from '../../shared/domain/calendar.ts';
import type { OpenPlace } from '../../shared/domain/notice.ts';
import { present } from '../../shared/domain/reminder-background.ts';
import type { RemindingTold } from '../../shared/domain/reminders-of.ts';
import { openPoints } from '../../shared/domain/still-stands.ts';
import { type Policy, whyCheck } from '../../shared/policy/load.ts';
import { type OnBus, onBus, type PeriodInBrief } from '../../shared/runtime/notices.ts';

export interface WholeSources {
  readonly policy: Policy;
  readonly ledger: Pick<LedgerStore, 'at'>;
  readonly duties: Pick<DutyStore, 'pagesOf'>;
}

/** What is open by now: a notice that comes late tells no more than is still to be done. */
async function periodOf({ duties, policy }: WholeSources, { truncated: _, ...told }: PeriodInBrief): Promise<RemindingTold> {
  const { owner, colour, cadence, from } = told;
  const period = periodAt(cadence, from);
  const pages = (await duties.pagesOf(owner)).map(({ page }) => page).filter((page) => page.colour === colour);
  const places = pages.flatMap((page): OpenPlace[] => {
    const points = openPoints(page, period, told);
    const { workshop } = page;
    return points.length === 0 ? [] : [{ points, ...(workshop !== undefined && { workshop }) }];
  });
  return { ...told, places, why: whyCheck(policy, colour) };
}

export async function wholeOf(sources: WholeSources, read: OnBus): Promise<RemindingTold> {
  switch (read.is) {
    case 'whole':
      return read.told;
    case 'period':
      return periodOf(sources, read.told);
    case 'recorded': {
      const again = onBus.parse({ detail: present(await sources.ledger.at(read.told), read.told.id) });
      if (again.is !== 'whole') throw new Error(`${read.told.id} stands in brief in the ledger too`);
      return again.told;
    }
  }
}
