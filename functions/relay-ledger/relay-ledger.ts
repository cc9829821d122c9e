import type { TokenStore } from '../../shared/data/token-store.ts';
import { type HazardId, hazardId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { EventBus } from '../../shared/runtime/event-bus.ts';
import type { Executions } from '../../workflows/hazard-rectification/executions.ts';
import { type ReadStanding, tellingOf } from '../../workflows/hazard-rectification/standing.ts';

export interface LedgerRecord {
  /** Its place in the stream, by which a failure is reported. */
  readonly place: string;
  readonly event: LedgerEvent;
}

export interface RelayDependencies {
  readonly bus: EventBus;
  readonly tokens: TokenStore;
  readonly standing: ReadStanding;
  readonly executions: Pick<Executions, 'start' | 'answer'>;
  /** Wakes or begins what an event of a draw or of a series is about; nothing for the others. */
  readonly driveDraw: (event: LedgerEvent) => Promise<void>;
  /** Tells those whom an event sends or names, and does not name itself; nothing for the others. */
  readonly tellSent: (event: LedgerEvent) => Promise<void>;
  /** A fact for the log; a failure is answered by the stream's retry. */
  readonly failed: (what: string, subject: string, error: unknown) => void;
}

/** The case that an event is about, if it is about one. */
const caseOf = ({ subject }: LedgerEvent): HazardId | undefined => {
  const id = subject.startsWith('HAZ#') ? subject.slice(4) : '';
  return hazardId.is(id) ? id : undefined;
};

/**
 * Tells what was written: every event to the bus, and every case's driver where the case stands now. Told again, it does nothing more.
 * Answers the place of the earliest record that has to come again, `undefined` where all is told.
 */
export const relayLedger =
  ({ bus, tokens, standing, executions, driveDraw, tellSent, failed }: RelayDependencies) =>
  async (records: readonly LedgerRecord[]): Promise<string | undefined> => {
    const again = new Set<LedgerRecord>();

    const events = records.map(({ event }) => event);
    const untold = await bus.publish(events).catch((error: unknown) => {
      failed('publish', events[0]?.subject ?? '', error);
      return events;
    });
    for (const record of records) if (untold.includes(record.event)) again.add(record);

    const cases = new Map<HazardId, LedgerRecord>();
    for (const record of records) {
      const hazard = caseOf(record.event);
      if (hazard !== undefined && !cases.has(hazard)) cases.set(hazard, record);
    }
    for (const [hazard, first] of cases) {
      await drive(hazard).catch((error: unknown) => {
        failed('drive', hazard, error);
        again.add(first);
      });
    }
    for (const record of records) {
      await driveDraw(record.event).catch((error: unknown) => {
        failed('drive', record.event.subject, error);
        again.add(record);
      });
      await tellSent(record.event).catch((error: unknown) => {
        failed('tell', record.event.subject, error);
        again.add(record);
      });
    }
    return records.find((record) => again.has(record))?.place;

    /** The token is read before the case: see `tellingOf`. */
    async function drive(hazard: HazardId): Promise<void> {
      const token = await tokens.of(hazard);
      const now = await standing(hazard);
      if (now === undefined) return;
      if (now.open && (token === undefined || token.generation < now.generation)) {
        await executions.start({ hazard, generation: now.generation, attempt: 0, ...now.outcome });
      }
      const telling = token && tellingOf(now, token);
      if (token !== undefined && telling !== undefined) await executions.answer(token.token, telling);
    }
  };
