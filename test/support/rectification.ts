/**
 * A county's rectification in one process: the real definition, the real functions, the real rules, over tables, a bus and a Step
 * Functions in memory. Every process can be cut short; whoever called it does what AWS does then.
 */
import { escalateHazard } from '../../functions/escalate-hazard/escalate-hazard.ts';
import { openStage } from '../../functions/open-stage/open-stage.ts';
import { type Reconciled, reconcileCases } from '../../functions/reconcile-cases/reconcile-cases.ts';
import { relayLedger } from '../../functions/relay-ledger/relay-ledger.ts';
import { sweepDeadlines } from '../../functions/sweep-deadlines/sweep-deadlines.ts';
import { CommandRepeated, StaleVersion } from '../../shared/data/commit.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { TokenStore } from '../../shared/data/token-store.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Hazard, HazardCommand, HazardFact } from '../../shared/domain/hazard.ts';
import { decideHazard, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { commandId, countyCode, type HazardId, hazardId, personId } from '../../shared/domain/ids.ts';
import type { Actor, LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { policyFor } from '../../shared/policy/load.ts';
import type { EventBus } from '../../shared/runtime/event-bus.ts';
import { escalateInput, openStageInput } from '../../workflows/hazard-rectification/contract.ts';
import type { Executions } from '../../workflows/hazard-rectification/executions.ts';
import { readStanding } from '../../workflows/hazard-rectification/standing.ts';
import { systemCommand } from '../../workflows/hazard-rectification/system-command.ts';
import type { Definition } from './asl-runner.ts';
import { definitionOf } from './definitions.ts';
import { FakeStepFunctions, type Thrown } from './fake-step-functions.ts';
import { photo } from './hazard-case.ts';
import { MemoryCounty } from './memory-county.ts';
import { Cut, Scissors } from './scissors.ts';

const COUNTY = countyCode('533102');
const OWNER = 'ENT:91533102MA6K3XJ15H' as const;
const DAY_MS = 86_400_000;

const person = (id: string, role: Actor['role']): Actor => ({ id: personId(id), role, owner: OWNER });
const post = person('zhou', 'post-holder');
const manager = person('wang', 'safety-manager');
const leader = person('li', 'team-leader');
const head = person('zhao', 'head');

/** What a person does to a case, in the order of a general hazard whose cure is late and comes back once. */
export const LIFE: readonly { readonly by: Actor; readonly command: HazardCommand; readonly afterDays?: number }[] = [
  { by: manager, command: { type: 'GradeHazard', level: 'general' } },
  { by: manager, command: { type: 'AssignRectification', rectifier: leader.id } },
  {
    by: leader,
    command: { type: 'SubmitRectification', account: '已加装防护罩', evidence: [photo('a')] },
    afterDays: 9,
  },
  { by: head, command: { type: 'ReturnRectification', reason: '螺栓未紧固' } },
  { by: leader, command: { type: 'SubmitRectification', account: '已紧固', evidence: [photo('b')] } },
  { by: head, command: { type: 'AcceptRectification' } },
];

interface Options {
  readonly thrown?: Thrown;
  readonly scissors?: Scissors;
  readonly definition?: Definition;
}

export class Rectification {
  readonly county = new MemoryCounty();
  readonly told: LedgerEvent[] = [];
  readonly scissors: Scissors;
  readonly machine: FakeStepFunctions;
  definition: Definition;
  now: Instant = instant('2026-03-02T01:00:00Z');
  private relayed = 0;

  private readonly bus: EventBus = {
    publish: async (events) => {
      this.told.push(...events);
      return [];
    },
  };

  constructor({
    thrown = 'noticed',
    scissors = new Scissors(),
    definition = definitionOf('hazard-rectification'),
  }: Options = {}) {
    this.scissors = scissors;
    this.definition = definition;
    this.machine = new FakeStepFunctions({
      definition: () => this.definition,
      thrown,
      now: () => this.now,
      functions: {
        openStage: (payload) =>
          this.process(({ hazards, tokens, executions }) =>
            openStage({
              tokens,
              standing: readStanding(hazards, COUNTY),
              answer: (token, outcome) => executions.answer(token, outcome),
            })(openStageInput.parse(payload)),
          ),
        escalate: (payload) =>
          this.process(({ hazards }) => {
            const { hazard, at } = escalateInput.parse(payload);
            return escalateHazard({ run: this.system(hazards) })(hazard, at);
          }),
      },
    });
  }

  private process<T>(
    work: (outside: { hazards: HazardStore; tokens: TokenStore; executions: Executions; bus: EventBus }) => Promise<T>,
  ): Promise<T> {
    const { hazards, tokens } = this.county;
    return this.scissors.process({ hazards, tokens, executions: this.machine as Executions, bus: this.bus }, work);
  }

  private readonly rulesAt = (at: Instant) => policyFor(COUNTY, at).hazards;
  private system(hazards: HazardStore) {
    return systemCommand({ county: COUNTY, hazards, rulesAt: this.rulesAt });
  }

  /** A caller that was not answered asks again: a client with the same command, a stream with the same records, a schedule anew. */
  private async untilAnswered<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Cut) && !(error instanceof StaleVersion)) throw error;
      }
    }
  }

  /** One command of a person, as the API carries it out. */
  private async write(
    id: HazardId,
    name: string,
    by: Actor,
    decide: (hazard: Hazard | undefined) => readonly HazardFact[],
  ): Promise<void> {
    const occasion = { at: this.now, actor: by };
    await this.untilAnswered(() =>
      this.process(async ({ hazards }) => {
        const stored = await hazards.load(COUNTY, id);
        if (await this.wasDone(name)) return;
        const facts = decide(stored?.hazard);
        const hazard = facts.reduce<Hazard | undefined>(
          (state, fact) => evolveHazard(state, { ...fact, ...occasion }),
          stored?.hazard,
        );
        if (hazard === undefined) throw new Error(`${name}: there is no case`);
        const command = {
          by: by.id,
          id: commandId(name),
          requestHash: name,
          answer: {},
          keptUntil: instant('2099-01-01T00:00:00+08:00'),
        };
        await hazards
          .save({ hazard, facts, ifVersion: stored?.version ?? 0, occasion: { ...occasion, county: COUNTY }, command })
          .catch((error: unknown) => {
            if (!(error instanceof CommandRepeated)) throw error;
          });
      }),
    );
  }

  private wasDone(name: string): Promise<boolean> {
    return Promise.resolve(this.county.commands.has(name));
  }

  static id = (n: number): HazardId => hazardId(`O${String(n).padStart(13, '0')}`);

  report(id: HazardId): Promise<void> {
    const finding = { at: this.now, source: 'staff-report', place: '二车间', description: '防护罩缺失', evidence: [] } as const;
    const report = { id, county: COUNTY, colour: 'ORANGE', owner: OWNER, finding } as const;
    return this.write(id, `report-${id}`, post, () => [reportHazard(report, this.rulesAt(this.now), this.now)]);
  }

  /** The nth thing that people do to a case. */
  async act(id: HazardId, nth: number): Promise<void> {
    const step = LIFE[nth];
    if (step === undefined) throw new Error(`a life has ${LIFE.length} steps`);
    await this.write(id, `step-${nth}-${id}`, step.by, (hazard) => {
      if (hazard === undefined) throw new Error(`${id} was not reported`);
      const decision = decideHazard(hazard, step.command, this.rulesAt(this.now), { at: this.now, actor: step.by });
      if (decision.kind === 'denied') throw new Error(`${step.command.type} in ${hazard.stage}: ${decision.reason}`);
      return decision.events;
    });
  }

  pass(days: number): void {
    this.now = plusMs(this.now, days * DAY_MS);
  }

  sweep() {
    return this.untilAnswered(() =>
      this.process(({ hazards }) => {
        const sweep = sweepDeadlines({
          county: COUNTY,
          hazards,
          run: this.system(hazards),
          failed: (_, error) => {
            if (!(error instanceof Cut)) throw error;
          },
        });
        return sweep(this.now);
      }),
    );
  }

  /** The stream hands over what was written since, again and again until it is taken. */
  async deliver(): Promise<void> {
    while (this.relayed < this.county.ledger.length) {
      const records = this.county.ledger
        .slice(this.relayed)
        .map((event, index) => ({ place: String(this.relayed + index), event }));
      try {
        const again = await this.process(({ bus, tokens, hazards, executions }) =>
          relayLedger({
            bus,
            tokens,
            standing: readStanding(hazards, COUNTY),
            executions,
            driveDraw: async () => {},
            tellSent: async () => {},
            failed: () => {},
          })(records),
        );
        this.relayed = again === undefined ? this.relayed + records.length : Number(again);
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
      }
      await this.settle();
    }
    await this.settle();
  }

  /** Until no execution moves: none of what is in memory waits for anything but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  reconcile(): Promise<Reconciled> {
    return this.untilAnswered(() =>
      this.process(({ hazards, tokens, executions }) => {
        const county = this.county;
        async function* openCases() {
          const { items } = await county.hazards.openByDeadline(COUNTY, 1000);
          for (const { hazard } of items) yield hazard.id;
        }
        const reconcile = reconcileCases({
          openCases,
          standing: readStanding(hazards, COUNTY),
          tokens,
          executions,
          failed: () => {},
        });
        return reconcile({ at: this.now, graceMs: 15 * 60_000 });
      }),
    );
  }

  /** The hours pass, and the reconciler comes every hour, until it finds nothing more to do. */
  async reconcileUntilQuiet(): Promise<void> {
    for (let hour = 0; hour < 8; hour++) {
      this.now = plusMs(this.now, 3_600_000);
      const { started, told, stopped, failed } = await this.reconcile();
      await this.settle();
      await this.deliver();
      if (started.length + told.length + stopped.length + failed.length === 0) return;
    }
    throw new Error('the reconciler never comes to rest');
  }
}
