/** A county that is played over tables in memory by the real routes, rounds, closings and rules of cases; its state can be rebuilt from its events. */
import { closePeriods } from '../../functions/close-period/close-period.ts';
import { monthFigures } from '../../functions/serve-checks/figures.ts';
import * as api from '../../functions/serve-register/api.ts';
import { served } from '../../functions/serve-register/served.ts';
import { submitRound } from '../../functions/submit-round/submit-round.ts';
import { commit, StaleVersion } from '../../shared/data/commit.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoHazardStore, openCase } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { roundEvents } from '../../shared/data/round-store.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { type CommittedValue, withValues } from '../../shared/domain/commitment.ts';
import type { HazardCommand, HazardReport } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { commandId, countyCode, type HazardId, personId, riskNo } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { usccOf } from './lists.ts';
import { type MemoryTables, memoryTables } from './memory-tables.ts';
import { assessed, department, enterpriseBody, type Person, riskContent, staff } from './register-api.ts';

export const COUNTY = countyCode('533102');
export const BEGIN = instant('2026-06-01T00:00:00Z');
const SYSTEM: Actor = { id: personId('system'), role: 'system' };

export type StoredItem = { readonly _et: string; readonly pk: string; readonly sk: string } & Readonly<Record<string, unknown>>;

/** Everything in a table, by its keys. */
export function itemsIn(tables: MemoryTables, name: string): ReadonlyMap<string, StoredItem> {
  const all = JSON.parse(tables.snapshot()) as [string, [string, StoredItem][]][];
  const items = all.find(([table]) => table === name)?.[1] ?? [];
  return new Map(items.map(([, item]) => [`${item.pk} ${item.sk}`, item]));
}

/** The events of the ledger, with their values in clear as far as the table Personal has them. */
export function eventsIn(tables: MemoryTables, isClear = true): readonly RecordedEvent[] {
  const values = new Map(
    [...itemsIn(tables, 'PERSONAL_TABLE')].map(([key, item]) => [key, item.values as readonly CommittedValue[]]),
  );
  return [...itemsIn(tables, 'LEDGER_TABLE')].flatMap(([key, item]) => {
    if (item._et !== 'EVENT') return [];
    const event = item.event as RecordedEvent;
    return [isClear ? withValues(event, values.get(key) ?? []) : event];
  });
}

export class PlayedCounty {
  readonly tables: MemoryTables;
  readonly register = dynamoRegisterStore(COUNTY);
  readonly duties = dynamoDutyStore(COUNTY);
  private readonly routes = served({ county: COUNTY, register: this.register, duties: this.duties, ledger: dynamoLedgerStore });
  private commands = 0;
  at: Instant = BEGIN;
  refusals = 0;

  constructor(tables = memoryTables()) {
    this.tables = tables;
  }

  private async tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof StaleVersion)) throw error;
      this.refusals += 1;
      return undefined;
    }
  }

  /** By a route of the register; what is refused is no matter. */
  ask(route: Route, as: Person, params: object, body: object): Promise<unknown> {
    const caller: Caller = { ...as, county: COUNTY };
    const command = commandId(`command-${++this.commands}`);
    return this.tried(async () => {
      const read = route.body?.parse(body);
      const found = this.routes.find((each) => each.route === route);
      const { at } = this;
      return found?.run({ params, query: {}, body: read, caller, at, commandId: command, requestHash: '' } as never);
    });
  }

  async enterprise(n: number, risks: Readonly<Record<string, Colour>>, workshop = '储运车间'): Promise<void> {
    await this.ask(api.registerEnterprise, department, {}, enterpriseBody(n));
    for (const [no, colour] of Object.entries(risks)) await this.add(n, no, colour, workshop);
    await this.sign(n);
  }

  add(n: number, no: string, colour: Colour, workshop: string): Promise<unknown> {
    const body = { no, content: riskContent({ workshop }), assessments: assessed(colour) };
    return this.ask(api.addRisk, staff(n).manager, { uscc: usccOf(n) }, body);
  }

  async sign(n: number): Promise<void> {
    const { head } = staff(n);
    const params = { uscc: usccOf(n) };
    const read = (await this.ask(api.readRiskList, head, params, {})) as
      | { version: number; list: number; digest: string }
      | undefined;
    if (read === undefined || read.list === 0) return;
    const { version, list, digest } = read;
    await this.ask(api.signRiskList, head, params, { version, list, digest });
  }

  /** A round of checks, each claimed so long ago; at one of its points a hazard may have been found. */
  round(n: number, nos: readonly string[], agoMs: number, found: string | undefined): Promise<unknown> {
    const round = commandId(`round-${String(++this.commands).padStart(6, '0')}`);
    const submit = submitRound({
      store: this.duties,
      county: COUNTY,
      openCases: async (cases, occasion) => {
        const opened = cases.map(({ id, owner, riskNo: risk, colour, foundAt, round: by }) =>
          openCase(
            this.reported(id, owner, colour, { at: foundAt, source: 'self-check', risk, round: by }),
            policyFor(COUNTY, occasion.at).hazards,
            occasion,
          ),
        );
        return { writes: opened.flatMap(({ writes }) => writes), events: opened.flatMap(({ events }) => events) };
      },
      checklistsOf: async (places) => new Map(places.map(({ no }) => [no, 2])),
      eventsOf: roundEvents,
      pause: async () => undefined,
    });
    const claimedAt = plusMs(this.at, -agoMs);
    const hazard = { name: '破损', place: '罐区', description: '护栏破损', level: 'general' as const, evidence: [] };
    const items = nos.map((no, index) => ({
      riskNo: riskNo(no),
      checkedAt: index % 2 === 0 ? undefined : plusMs(claimedAt, 60_000),
      ...(no === found
        ? { result: 'hazard' as const, answers: 'yn', hazards: [hazard] }
        : { result: 'normal' as const, answers: 'yy' }),
    }));
    return this.tried(() =>
      submit({
        params: {},
        query: {},
        body: { checkedAt: claimedAt, device: undefined, items },
        caller: { ...staff(n).holder, county: COUNTY },
        at: this.at,
        commandId: round,
        requestHash: 'ab'.repeat(32),
      } as never),
    );
  }

  private reported(
    id: HazardId,
    owner: HazardReport['owner'],
    colour: Colour,
    finding: Omit<HazardReport['finding'], 'place' | 'description' | 'evidence'>,
  ): HazardReport {
    return { id, county: COUNTY, colour, owner, finding: { ...finding, place: '罐区', description: '护栏破损', evidence: [] } };
  }

  /** A case that an inspection found. */
  async report(n: number, id: HazardId, colour: Colour, more: Partial<HazardReport> = {}): Promise<void> {
    const report = { ...this.reported(id, enterpriseOwner(usccOf(n)), colour, { at: this.at, source: 'inspection' }), ...more };
    const { events, writes } = openCase(report, policyFor(COUNTY, this.at).hazards, {
      at: this.at,
      county: COUNTY,
      actor: SYSTEM,
    });
    await commit({ events, writes });
  }

  /** A step of a case; answers why it was refused. */
  async step(id: HazardId, actor: Actor, command: HazardCommand): Promise<string | undefined> {
    const stored = await dynamoHazardStore.load(COUNTY, id);
    if (stored === undefined) return 'unknown';
    const occasion = { at: this.at, actor };
    const answer = decideHazard(stored.hazard, command, policyFor(COUNTY, this.at).hazards, occasion);
    if (answer.kind === 'denied') return answer.reason;
    const hazard = answer.events.reduce((state, fact) => evolveHazard(state, { ...fact, ...occasion }), stored.hazard);
    const change = { hazard, facts: answer.events, ifVersion: stored.version, occasion: { ...occasion, county: COUNTY } };
    await dynamoHazardStore.save(change);
    return undefined;
  }

  async close(colour: Colour): Promise<void> {
    const cadences = cadencesOf(COUNTY, this.at);
    const closing = { store: this.duties, county: COUNTY, cadences, actor: SYSTEM, outOfTime: () => false };
    await closePeriods(closing)(cadences[colour], this.at);
  }

  figures(month: string) {
    return monthFigures(this.duties, COUNTY, month, this.at);
  }
}
