/**
 * A county's draws in one process: the real definition, the real functions, the real algorithm and stores, over tables, files and a Step
 * Functions in memory. Every process can be cut short; whoever called it does what AWS does then.
 */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { assignTasks } from '../../functions/assign-tasks/assign-tasks.ts';
import { drawLots } from '../../functions/draw-lots/draw-lots.ts';
import { freezeDraw } from '../../functions/freeze-draw/freeze-draw.ts';
import { gatherPool } from '../../functions/freeze-draw/gather-pool.ts';
import { openDrawStage } from '../../functions/open-draw-stage/open-draw-stage.ts';
import { openDraws } from '../../functions/open-draws/open-draws.ts';
import { driveDraw } from '../../functions/relay-ledger/drive-draw.ts';
import { revealDraw } from '../../functions/reveal-draw/reveal-draw.ts';
import { enterRandomness, openDraw, replaceObjects, voidDraw } from '../../functions/serve-draws/command-draw.ts';
import { readRefusals } from '../../functions/serve-draws/read-draws.ts';
import type { FetchRound } from '../../functions/sweep-draws/settle-randomness.ts';
import { type Swept, sweepDraws } from '../../functions/sweep-draws/sweep-draws.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import { type DrawFiles, hashOf, policyPath, publishedFolder, verified } from '../../shared/data/draw-files.ts';
import { type DrawRef, type DrawStore, dynamoDrawStore, type StoredDraw } from '../../shared/data/draw-store.ts';
import { type DrawTokenStore, dynamoDrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoRegisterStore, eachStop } from '../../shared/data/register-store.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { dynamoTaskStore, type StoredTask, type TaskStore } from '../../shared/data/task-store.ts';
import { type Day, dayOf, type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Caller, Role } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import type { Sha256 } from '../../shared/domain/draw.ts';
import type { DrawKind } from '../../shared/domain/draw-kind.ts';
import type { Pooling } from '../../shared/domain/draw-pool.ts';
import {
  commandId,
  countyCode,
  type Department,
  department,
  GOVERNMENT,
  type ObjectId,
  personId,
  type TaskId,
  townshipCode,
} from '../../shared/domain/ids.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { enterpriseObject } from '../../shared/domain/object.ts';
import { departmentOwner, enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import { awaitsVisit } from '../../shared/domain/task.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import type { EventBus } from '../../shared/runtime/event-bus.ts';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';
import { freezeInput, openDrawStageInput, stepInput } from '../../workflows/inspection-draw/contract.ts';
import type { DrawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { FakeDrawExecutions } from './fake-draw-executions.ts';
import { usccOf } from './lists.ts';
import { type MemoryTables, memoryTables } from './memory-tables.ts';
import { Cut, Scissors } from './scissors.ts';

export const COUNTY = countyCode('533102');
export const YJJ = department('YJJ');
const TOWNSHIP = townshipCode('533102100');

/** Balls that are drawn three evenings a week. */
export const BALLS: RandomnessSource = {
  type: 'numbers',
  name: 'ssq',
  ordered: false,
  shape: [
    [6, 1, 33],
    [1, 1, 16],
  ],
  days: [2, 4, 7],
  time: '21:15',
};
export const NUMBERS = { numbers: [[3, 9, 14, 20, 26, 31], [8]] };
export const OTHER_NUMBERS = { numbers: [[3, 9, 14, 20, 26, 32], [8]] };

export const callerOf = (id: string, role: Role, owner?: Owner): Caller => ({
  id: personId(id),
  role,
  county: COUNTY,
  ...(owner !== undefined && { owner }),
});
export const chief = callerOf('chief', 'department-head', departmentOwner(YJJ));
export const officer = callerOf('officer', 'department-officer', departmentOwner(YJJ));
export const committee = callerOf('committee', 'committee-officer');

/** Files in memory; `kept` may be tampered with. */
export class MemoryFiles implements DrawFiles {
  readonly kept = new Map<Sha256, Uint8Array>();
  readonly published = new Map<string, Uint8Array>();
  async keep(bytes: Uint8Array): Promise<Sha256> {
    const sha256 = hashOf(bytes);
    this.kept.set(sha256, bytes);
    return sha256;
  }
  async read(sha256: Sha256): Promise<Uint8Array> {
    return verified(sha256, this.kept.get(sha256) ?? new Uint8Array());
  }
  async publish(draw: Parameters<DrawFiles['publish']>[0], file: string, bytes: Uint8Array): Promise<void> {
    this.published.set(`${publishedFolder(draw)}/${file}`, bytes);
  }
  async publishPolicy(bytes: Uint8Array): Promise<void> {
    this.published.set(policyPath(hashOf(bytes)), bytes);
  }
}

interface Options {
  /** Those of a county that is played beside it; its own unless said otherwise. */
  readonly tables?: MemoryTables;
  readonly scissors?: Scissors;
  readonly randomness?: readonly RandomnessSource[];
  readonly fetchRound?: FetchRound;
  readonly authorities?: readonly Department[];
  /** What is made of the pool that the register gives: to put a fault into it. */
  readonly tampering?: (pooling: Pooling) => Pooling;
  /** What is made of the policy in force. */
  readonly ruling?: (policy: Policy) => Policy;
  /** The clock of a county whose time is the world's. */
  readonly announcedFrom?: (at: Instant) => Instant;
  readonly sweptUntil?: (at: Instant) => Instant;
  /** The county's first day: where nothing is said, nothing before June has to be drawn. */
  readonly since?: Day;
}

interface Outside extends Readonly<Record<string, object>> {
  readonly draws: DrawStore;
  readonly tokens: DrawTokenStore;
  readonly tasks: TaskStore;
  readonly files: DrawFiles;
  readonly executions: DrawExecutions;
  readonly bus: EventBus<TaskNotice>;
}

/** So small a class that a cut at each of its calls can be tried. */
export class DrawCounty {
  readonly tables: MemoryTables;
  readonly files = new MemoryFiles();
  readonly notices: TaskNotice[] = [];
  readonly machine: FakeDrawExecutions;
  readonly draws = dynamoDrawStore(COUNTY);
  readonly tasks = dynamoTaskStore;
  /** The county's time, and the machines'. */
  now: Instant;
  clock: Instant;
  private readonly scissors: Scissors;
  private readonly options: Options;
  private readonly since: Day;
  private delivered = 0;
  private commands = 0;

  constructor(now: string, options: Options = {}) {
    this.tables = options.tables ?? memoryTables();
    this.now = instant(now);
    this.clock = this.now;
    this.options = options;
    this.since = options.since ?? dayOf(instant('2026-06-01T00:00:00Z'));
    this.scissors = options.scissors ?? new Scissors();
    this.scissors.writes = this.tables.writes;
    const { randomness = [BALLS], tampering = (pooling) => pooling, announcedFrom = (at) => at } = options;
    this.machine = new FakeDrawExecutions(
      {
        FreezeDraw: (payload) =>
          this.process(({ draws, files, tasks }) =>
            freezeDraw({
              county: COUNTY,
              since: this.since,
              draws,
              files,
              gather: async (due, days, at) =>
                tampering(
                  await gatherPool({
                    county: COUNTY,
                    authorities: [YJJ, GOVERNMENT],
                    register: dynamoRegisterStore(COUNTY),
                    stops: () => eachStop(COUNTY),
                    hazards: dynamoHazardStore,
                    inspectors: dynamoInspectorStore(COUNTY),
                    lists: dynamoItemListStore(COUNTY),
                    tasks,
                    draws,
                    keyUnits: async () => new Set(),
                  })(due, days, at),
                ),
              policyAt: this.policyAt,
              randomness,
              software: 'f'.repeat(64),
              newSecret: () => new Uint8Array(32).fill(7),
              seal: async (secret, drawId) => Buffer.from(`${drawId} ${Buffer.from(secret).toString('hex')}`).toString('base64'),
              announcedFrom,
            })(freezeInput.parse(payload)),
          ),
        DrawLots: (payload) =>
          this.process(({ draws, files }) =>
            drawLots({
              county: COUNTY,
              draws,
              files,
              open: async (ciphertext, drawId) => {
                const [of, hex = ''] = Buffer.from(ciphertext, 'base64').toString().split(' ');
                if (of !== drawId) throw new Error('sealed for another draw');
                return Buffer.from(hex, 'hex');
              },
            })(stepInput.parse(payload)),
          ),
        AssignTasks: (payload) =>
          this.process(({ draws, files, tasks, bus }) =>
            assignTasks({
              county: COUNTY,
              draws,
              files,
              tasks,
              register: dynamoRegisterStore(COUNTY),
              inspectors: dynamoInspectorStore(COUNTY),
              rulesOf: ({ kind }, at) => taskRulesOf(this.policyAt(at), kind),
              bus,
              outOfTime: () => false,
            })(stepInput.parse(payload)),
          ),
        RevealDraw: (payload) =>
          this.process(({ draws, files, tasks }) =>
            revealDraw({ county: COUNTY, draws, files, tasks })(stepInput.parse(payload)),
          ),
        openDrawStage: (payload) =>
          this.process(({ draws, tokens, executions }) =>
            openDrawStage({ draws, tokens, answer: (token, outcome) => executions.answer(token, outcome) })(
              openDrawStageInput.parse(payload),
            ),
          ),
      },
      () => this.clock,
    );
  }

  private policyAt = (at: Instant): Policy => (this.options.ruling ?? ((policy) => policy))(policyFor(COUNTY, at));

  private process<T>(work: (outside: Outside) => Promise<T>): Promise<T> {
    const bus: EventBus<TaskNotice> = {
      publish: async (events) => {
        this.notices.push(...events);
        return [];
      },
    };
    const outside: Outside = {
      draws: this.draws,
      tokens: dynamoDrawTokenStore(COUNTY),
      tasks: this.tasks,
      files: this.files,
      executions: this.machine,
      bus,
    };
    return this.scissors.process(outside, work);
  }

  /** A caller that was not answered asks again. */
  private async untilAnswered<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Cut) && !(error instanceof StaleVersion)) throw error;
      }
    }
  }

  private async put(TableName: string, Item: Record<string, unknown>): Promise<void> {
    await documentClient.send(new PutCommand({ TableName, Item }));
  }

  /** Enterprises of a colour that the department supervises, numbered on. */
  async withEnterprises(colour: Colour, numbers: readonly number[], industry = 'hazardous-chemicals'): Promise<this> {
    for (const n of numbers) {
      const uscc = creditCode(usccOf(n));
      const owner = enterpriseOwner(uscc);
      const enterprise = {
        name: `企业${n}`,
        township: TOWNSHIP,
        industry,
        supervisor: departmentOwner(YJJ),
        contacts: [],
        workshops: [],
      };
      const record = {
        owner,
        enterprise,
        list: { version: 1, signedVersion: 1 },
        counting: { RED: 0, ORANGE: 0, YELLOW: 0, BLUE: 0, [colour]: 1 },
        overall: { colour, rule: colour },
        version: 1,
      };
      await this.put('REGISTER_TABLE', { pk: `${COUNTY}#${colour}`, sk: `ENT#${uscc}`, _et: 'OWNER', version: 1, record });
    }
    return this;
  }

  async withInspectors(
    ids: readonly string[],
    change: Partial<Inspector['content']> = {},
    rest: Partial<Inspector> = {},
  ): Promise<this> {
    for (const id of ids) {
      const content = {
        role: 'enforcer',
        authority: YJJ,
        skills: ['*'],
        certificate: { no: id, until: '2030-01-01' },
        ...change,
      };
      const state = { id, content, absences: [], interests: [], ...rest };
      await this.put('INSPECTIONS_TABLE', { pk: `${COUNTY}#NONE`, sk: `INSP#${id}`, _et: 'INSPECTOR', version: 1, state });
    }
    return this;
  }

  /** Risks of public areas that count, in the care of nobody but the township that owns them, or of a department. */
  async withAreas(colour: Colour, nos: readonly string[], department?: Owner): Promise<this> {
    const owner = `TOWN:${TOWNSHIP}` as const;
    const list = { version: 1, signedVersion: 1 };
    const record = { owner, list, counting: {}, overall: { colour: 'NONE', rule: 'NONE' }, version: 1 };
    await this.put('REGISTER_TABLE', { pk: `${COUNTY}#NONE`, sk: `GOV#${owner}`, _et: 'OWNER', version: 1, record });
    for (const no of nos) {
      const grades = { inherent: { colour }, residual: { colour } };
      const risk = { owner, no, township: TOWNSHIP, department, content: {}, grades, addedIn: 1, changedIn: 1, version: 1 };
      await this.put('REGISTER_TABLE', {
        pk: `${COUNTY}#${colour}`,
        sk: `AREA#${TOWNSHIP}#${no}`,
        _et: 'RISK',
        owner,
        version: 1,
        risk,
      });
    }
    return this;
  }

  /** What the department may inspect: so many items for every kind. */
  async withItems(count: number): Promise<this> {
    const items = Array.from({ length: count }, (_, n) => ({
      ...{ authority: YJJ, no: `I${n + 1}`, name: '安全管理', basis: '安全生产法', way: '现场检查' },
      ...{ appliesTo: ['*'], kinds: ['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE'] },
    }));
    const state = { authority: YJJ, items };
    const rest = { _et: 'ITEM-LIST', version: 1, keptAt: this.now, state };
    await this.put('INSPECTIONS_TABLE', { pk: `${COUNTY}#NONE`, sk: `ITEMS#${YJJ}`, ...rest });
    return this;
  }

  /** What the department means to look at in a month. */
  async withPlan(period: string, kind: 'SPECIAL' | 'EXPERT'): Promise<this> {
    const state = { authority: YJJ, period, kind, theme: '专家检查', industries: [], townships: [] };
    const rest = { _et: 'PLAN', version: 1, keptAt: this.now, state };
    await this.put('INSPECTIONS_TABLE', { pk: `${COUNTY}#NONE`, sk: `PLAN#${YJJ}#${period}`, ...rest });
    return this;
  }

  /** An approved stop of the nth enterprise. */
  async withStop(n: number, suspension: Record<string, unknown>): Promise<this> {
    const sk = `STOP#${usccOf(n)}#${suspension.id}`;
    await this.put('REGISTER_TABLE', { pk: `${COUNTY}#NONE`, sk, _et: 'STOP', version: 1, suspension });
    return this;
  }

  async open(kind: DrawKind, at: Instant = this.now): Promise<number> {
    const { started } = await this.untilAnswered(() =>
      this.process(({ draws, executions }) =>
        openDraws({
          county: COUNTY,
          authorities: this.options.authorities ?? [YJJ],
          since: this.since,
          rules: policyFor(COUNTY, at),
          draws,
          lists: dynamoItemListStore(COUNTY),
          executions,
        })(at, kind),
      ),
    );
    await this.settle();
    return started;
  }

  private served = (outside: Outside) => ({
    county: COUNTY,
    draws: outside.draws,
    files: outside.files,
    tasks: outside.tasks,
    policyAt: this.policyAt,
  });

  /** A command of a person, as the API carries it out: asked again with the version that stands, if it was cut before it was written. */
  private command<T>(
    work: (outside: Outside, asked: { at: Instant; commandId: ReturnType<typeof commandId>; requestHash: string }) => Promise<T>,
  ) {
    const id = commandId(`command-${++this.commands}`);
    return this.process((outside) => work(outside, { at: this.now, commandId: id, requestHash: 'hash' }));
  }

  async enter(ref: DrawRef, caller: Caller, value: typeof NUMBERS, source = 0) {
    const { version } = await this.of(ref);
    const body = { version, source, value };
    return this.command((outside, asked) =>
      enterRandomness(this.served(outside))({ params: ref, query: {}, body, caller, ...asked }),
    );
  }

  async void(ref: DrawRef, reason = '名录有误') {
    const { version } = await this.of(ref);
    return this.command((outside, asked) =>
      voidDraw(this.served(outside))({ params: ref, query: {}, body: { version, reason }, caller: chief, ...asked }),
    );
  }

  async ask(kind: DrawKind, period: string, caller = chief) {
    const body = { authority: YJJ, kind, period, reason: '系统中断' } as Parameters<ReturnType<typeof openDraw>>[0]['body'];
    return this.command((outside, asked) => openDraw(this.served(outside))({ params: {}, query: {}, body, caller, ...asked }));
  }

  refusals() {
    return this.command((outside, asked) =>
      readRefusals(this.served(outside))({ params: {}, query: { authority: YJJ }, body: {}, caller: chief, ...asked }),
    );
  }

  async replace(ref: DrawRef, tasks: readonly TaskId[], days: readonly string[]) {
    const { version } = await this.of(ref);
    const body = { version, replace: tasks.map((task) => ({ task, reason: '已搬迁' })), days: [...days] };
    return this.command((outside, asked) =>
      replaceObjects(this.served(outside))({ params: ref, query: {}, body, caller: chief, ...asked }),
    );
  }

  async of(ref: DrawRef): Promise<StoredDraw> {
    const stored = await this.draws.load(ref);
    if (stored === undefined) throw new Error(`there is no draw ${ref.number}`);
    return stored;
  }

  tasksOf({ authority, number }: DrawRef): Promise<readonly StoredTask[]> {
    return this.tasks.ofDraw(COUNTY, authority, number);
  }

  /** Every visit that is left is made, reported and signed. */
  async visitAll(ref: DrawRef): Promise<void> {
    for (const { task, version } of await this.tasksOf(ref)) {
      if (!awaitsVisit(task)) continue;
      const occasion = { at: this.now, county: COUNTY, actor: { id: personId('i1'), role: 'department-officer' as const } };
      const fact = { type: 'InspectionConfirmed', data: {} } as const;
      await this.tasks.save({
        before: task,
        after: evolveTask(task, { ...fact, ...occasion }),
        facts: [fact],
        ifVersion: version,
        occasion,
      });
    }
  }

  sweep(): Promise<Swept> {
    return this.untilAnswered(() =>
      this.process(({ draws, tokens, files, tasks, executions }) =>
        sweepDraws({
          county: COUNTY,
          draws,
          tokens,
          files,
          tasks,
          executions,
          fetchRound: this.options.fetchRound ?? (async () => undefined),
          until: this.options.sweptUntil ?? ((at) => at),
          failed: (_, error) => {
            if (!(error instanceof Cut)) throw error;
          },
        })({ at: this.now, clock: this.clock }),
      ),
    );
  }

  ledger(): LedgerEvent[] {
    const tables = JSON.parse(this.tables.snapshot()) as [string, [string, { _et: string; event: LedgerEvent }][]][];
    const items = tables.find(([name]) => name === 'LEDGER_TABLE')?.[1] ?? [];
    return items.flatMap(([, item]) => (item._et === 'EVENT' ? [item.event] : []));
  }

  /** The stream hands over what was written since, again and again until it is taken. */
  async deliver(): Promise<void> {
    for (let events = this.ledger(); this.delivered < events.length; events = this.ledger()) {
      const event = events[this.delivered];
      if (event === undefined) break;
      await this.untilAnswered(() =>
        this.process(({ draws, tokens, executions }) => driveDraw({ draws, tokens, executions })(event)),
      );
      this.delivered++;
      await this.settle();
    }
    await this.settle();
  }

  /** Until no execution moves: none of what is in memory waits for anything but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The sweep comes every so often, until it finds nothing more to do. */
  async sweepUntilQuiet(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) {
      this.clock = plusMs(this.clock, 30 * 60_000);
      const { told, started, failed } = await this.sweep();
      await this.settle();
      await this.deliver();
      if (told + started + failed === 0) return;
    }
    throw new Error('the sweep never comes to rest');
  }

  /** The published files of a draw, by name. */
  bundle({ authority, number }: DrawRef): Bundle {
    const folder = `${publishedFolder({ county: COUNTY, authority, number })}/`;
    return new Map(
      [...this.files.published].flatMap(([path, bytes]) => (path.startsWith(folder) ? [[path.slice(folder.length), bytes]] : [])),
    );
  }

  objectOf = (n: number): ObjectId => enterpriseObject(creditCode(usccOf(n)));
}
