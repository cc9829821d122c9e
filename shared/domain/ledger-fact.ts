/** Every fact that the ledger of a county may hold: a fact of a new kind finds its place here, and with it in all that is said of all of them. */
import type { AuditFact } from './audit.ts';
import type { PeriodSealed, RoundSubmitted, SealAmended } from './check-round.ts';
import type { PersonalFact } from './commitment.ts';
import type { DrawFact, SeriesFact } from './draw.ts';
import type { ExchangeFact } from './exchange.ts';
import type { ExportFact } from './export.ts';
import type { GridFact } from './grid.ts';
import type { GridTargetFact } from './grid-target.ts';
import type { HazardFact } from './hazard.ts';
import type { HazardId } from './ids.ts';
import type { ItemListFact } from './inspection-item.ts';
import type { InspectionPlanFact } from './inspection-plan.ts';
import type { InspectorFact } from './inspector.ts';
import type { KeyUnitFact } from './key-unit.ts';
import type { Fact, LedgerEvent } from './ledger-event.ts';
import type { OutboxFact } from './outbox.ts';
import type { OwnerFact } from './register-owner.ts';
import type { RiskFact } from './register-risk.ts';
import type { SealingFact } from './sealing.ts';
import type { SeenFact } from './seen.ts';
import type { SubscriptionFact } from './subscription.ts';
import type { TaskFact } from './task.ts';

/** The month's list of hazards (月度隐患清单) was handed in. */
export interface HazardListSubmitted {
  readonly type: 'HazardListSubmitted';
  readonly data: { readonly month: string; readonly hazards: readonly HazardId[]; readonly note?: string };
}

export type LedgerFact =
  | OwnerFact
  | RiskFact
  | KeyUnitFact
  | GridFact
  | GridTargetFact
  | RoundSubmitted
  | PeriodSealed
  | SealAmended
  | HazardListSubmitted
  | HazardFact
  | InspectorFact
  | ItemListFact
  | InspectionPlanFact
  | SeriesFact
  | DrawFact
  | TaskFact
  | SubscriptionFact
  | OutboxFact
  | SealingFact
  | ExportFact
  | AuditFact
  | SeenFact
  | PersonalFact
  | ExchangeFact;

type EventOf<F extends Fact> = F extends Fact ? LedgerEvent<F['type'], F['data']> : never;

/** An event of the ledger with what its type says of its data. */
export type RecordedEvent = EventOf<LedgerFact>;
