/** What people do to draws: ask for one, enter what was published, replace objects, declare one void. */
import { type Asked, commandRecord } from '../../shared/data/asked.ts';
import { FileChanged, hashOf } from '../../shared/data/draw-files.ts';
import type { StoredDraw } from '../../shared/data/draw-store.ts';
import { type Day, dayOf, epochMs, type Instant, instantAt } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact } from '../../shared/domain/draw.ts';
import { periodNamed, visitDays } from '../../shared/domain/draw-calendar.ts';
import {
  awaitsRandomness,
  DRAW_DENIALS,
  type DrawDenial,
  enterRandomness as decideEntry,
  voidDraw as decideVoid,
  nextSubstitution,
  settledValues,
} from '../../shared/domain/draw-decide.ts';
import { evolveDraw } from '../../shared/domain/draw-evolve.ts';
import { isDrawnBy } from '../../shared/domain/draw-kind.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import { awaitsVisit } from '../../shared/domain/task.ts';
import { ALGORITHM, announcement } from '../../shared/draw/announcement.ts';
import { ANNOUNCEMENT_FILE } from '../../shared/draw/bundle.ts';
import { canonical, readJson } from '../../shared/draw/canonical-json.ts';
import { proofOf } from '../../shared/draw/drand.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { type Given, ikmOf, type Source } from '../../shared/draw/sources.ts';
import { substitute } from '../../shared/draw/substitute.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import { bundleOf } from '../../workflows/inspection-draw/bundle-of.ts';
import { randomnessBytes } from '../../workflows/inspection-draw/randomness.ts';
import type {
  enterRandomness as entryRoute,
  openDraw as openRoute,
  replaceObjects as replaceRoute,
  voidDraw as voidRoute,
} from './api.ts';
import { standsOf } from './draws-out.ts';
import { drawAt, refuseUnless, type ServeDraws } from './read-draws.ts';

const denied = (reason: DrawDenial, status = 422) => new Problem(status, reason, DRAW_DENIALS[reason]);

/** The draw as the caller saw it. */
async function seen(deps: ServeDraws, ref: Pick<Draw, 'authority' | 'number'>, version: number): Promise<StoredDraw> {
  const stored = await drawAt(deps, ref);
  if (stored.version !== version)
    throw new Problem(409, 'stale-version', '这次抽查已有新的变化，请刷新后再操作。', { version: stored.version });
  return stored;
}

async function save<Answer>(
  { draws, county }: ServeDraws,
  { draw, version }: StoredDraw,
  facts: readonly DrawFact[],
  asked: Asked,
  answerOf: (after: StoredDraw) => Answer,
): Promise<Answer> {
  const { at } = asked;
  const occasion = { at, actor: actorOf(asked.caller) };
  const after = {
    draw: facts.reduce((state, fact) => evolveDraw(state, { ...fact, ...occasion }), draw),
    version: version + facts.length,
  };
  const answer = answerOf(after);
  const command = commandRecord(asked, answer);
  await draws.save({ draw: after.draw, facts, ifVersion: version, occasion: { ...occasion, county }, command });
  return answer;
}

/** Asks for a draw; the run that announces it begins as soon as the ledger is told. */
export const openDraw = (deps: ServeDraws) => async (asked: Request<typeof openRoute>) => {
  const { body, caller, at } = asked;
  const { county, draws, policyAt } = deps;
  const { authority, kind, period, reason } = body;
  refuseUnless(county, caller, 'OpenDraw', authority);
  const planned = isDrawnBy(kind, authority) ? periodNamed(kind, period, at, policyAt(at)) : undefined;
  if (planned === undefined) throw new Problem(422, 'no-such-period', '只能发起本机关本期或下一期的抽查，请核对种类和周期。');
  const { announceAt } = planned;
  if (at < announceAt)
    throw new Problem(422, 'not-due-yet', `本期抽查自${dayOf(announceAt)}起公告，请到时再发起。`, { announceAt });
  const held = await draws.ofPeriod({ authority, kind, period });
  if (held !== undefined && held.draw.stage !== 'void')
    throw new Problem(409, 'already-drawn', `本期已有第${held.draw.number}号抽查；确需重抽，请先作废并说明理由。`, {
      number: held.draw.number,
    });
  const after = await draws.series(authority);
  const answer = { authority, kind, period };
  await draws.note({
    facts: [{ type: 'DrawAsked', data: { kind, period, reason } }],
    after,
    series: after.series,
    occasion: { at, county, actor: actorOf(caller) },
    command: commandRecord(asked, answer),
  });
  return answer;
};

const instantOf = (text: string): Instant => instantAt(Date.parse(text));

/** From when on anybody can know the value of a source. */
const publishedAt = (source: Source | undefined, draw: Draw): Instant | undefined =>
  source === undefined ? undefined : source.type === 'numbers' ? instantOf(source.at) : draw.drawAt;

/** Whether a value can be one of its source at all; of drand it has to prove itself. */
function refuseFalse(source: Source, value: Given): void {
  try {
    ikmOf([source], { sources: [value] });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Problem(422, 'not-of-source', `所录数值与公告的随机数来源不符，请对照公布的原文核对。（${error.what}）`);
  }
  if (source.type === 'drand' && 'signature' in value && proofOf(source, value.signature) === 'false')
    throw new Problem(422, 'not-proven', `所录的 drand 第 ${source.round} 轮数值未通过签名验证，请重新核对。`);
}

export const enterRandomness =
  (deps: ServeDraws) =>
  async ({ params, body, ...asked }: Request<typeof entryRoute>) => {
    const { caller, at } = asked;
    refuseUnless(deps.county, caller, 'EnterRandomness', params.authority);
    const stored = await seen(deps, params, body.version);
    const { draw } = stored;
    if (!awaitsRandomness(draw)) throw denied('not-awaiting-randomness');
    const { sources } = readJson(announcement, await deps.files.read(draw.announcement), ANNOUNCEMENT_FILE);
    const source = sources[body.source];
    const value = Buffer.from(canonical(body.value)).toString('utf8');
    const occasion = { at, actor: actorOf(caller) };
    const decision = decideEntry(draw, { source: body.source, value, publishedAt: publishedAt(source, draw) }, occasion);
    if (decision.kind === 'denied') throw denied(decision.reason);
    if (source !== undefined) refuseFalse(source, body.value);
    const facts: DrawFact[] = [...decision.events];
    const entered = facts.reduce((state, fact) => evolveDraw(state, { ...fact, ...occasion }), draw);
    const values = settledValues(entered.entries, entered.sources);
    if (values !== undefined)
      facts.push({ type: 'RandomnessSettled', data: { sha256: await deps.files.keep(randomnessBytes(values)) } });
    return save(deps, stored, facts, asked, (after) => ({ ...standsOf(after), settled: values !== undefined }));
  };

/** Each source's value as two persons say it, or the system proved it; `undefined` where none is agreed upon. */
const settledOf = ({ entries }: Draw, source: number): readonly string[] | undefined =>
  settledValues(
    entries.flatMap((entry) => (entry.source === source ? [{ ...entry, source: 0 }] : [])),
    1,
  );

/**
 * From its instant on a drand round is there for everybody, so whoever declares the draw void may know what it gave: the value first, and
 * the lots are drawn to be shown. Of a draw whose announcement itself was changed nobody can say its sources.
 */
async function refuseToHide({ files }: ServeDraws, draw: Draw, at: Instant): Promise<void> {
  if (draw.stage !== 'announced' || draw.randomness !== undefined || at < draw.drawAt) return;
  const bytes = await files.read(draw.announcement).catch((error: unknown) => {
    if (error instanceof FileChanged) return undefined;
    throw error;
  });
  if (bytes === undefined) return;
  const { sources } = readJson(announcement, bytes, ANNOUNCEMENT_FILE);
  const missing = sources.findIndex((source, index) => source.type === 'drand' && settledOf(draw, index) === undefined);
  const source = sources[missing];
  if (source?.type !== 'drand') return;
  throw new Problem(
    409,
    'enter-randomness-first',
    `抽取时间已过，drand 第 ${source.round} 轮数值人人可查：请先由两人录入该数值，再作废；结果将一并公开。`,
    { source: missing, round: source.round },
  );
}

export const voidDraw =
  (deps: ServeDraws) =>
  async ({ params, body, ...asked }: Request<typeof voidRoute>) => {
    refuseUnless(deps.county, asked.caller, 'VoidDraw', params.authority);
    const stored = await seen(deps, params, body.version);
    await refuseToHide(deps, stored.draw, asked.at);
    const { reason } = body;
    // Whole seconds, and never before the announcement, whose own are rounded up.
    const voidedMs = Math.max(Math.floor(epochMs(asked.at) / 1000) * 1000, epochMs(stored.draw.announcedAt));
    const voidedAt = new Date(voidedMs).toISOString().replace('.000Z', 'Z');
    const bytes = canonical({ algorithm: ALGORITHM, announcement: stored.draw.announcement, reason, voidedAt });
    const decision = decideVoid(stored.draw, { reason, sha256: hashOf(bytes) });
    if (decision.kind === 'denied') throw denied(decision.reason, 409);
    await deps.files.keep(bytes);
    return save(deps, stored, decision.events, asked, standsOf);
  };

/** Replaces what cannot be visited. Objects are named by their tasks, so that neither question nor answer says what was drawn. */
export const replaceObjects =
  (deps: ServeDraws) =>
  async ({ params, body, ...asked }: Request<typeof replaceRoute>) => {
    const { county, policyAt, tasks, files } = deps;
    refuseUnless(county, asked.caller, 'ReplaceObjects', params.authority);
    const stored = await seen(deps, params, body.version);
    const { draw } = stored;
    const policy = policyAt(asked.at).drawing;
    const next = nextSubstitution(draw, policy.substitutions.most);
    if (next.kind === 'denied') throw denied(next.reason, 409);
    const replace = await Promise.all(
      body.replace.map(async ({ task: id, reason }) => {
        const task = (await tasks.load(county, id))?.task;
        if (task === undefined || task.authority !== draw.authority || task.number !== draw.number || !awaitsVisit(task))
          throw new Problem(422, 'task-not-replaceable', `任务 ${id} 不是本次抽查中尚未检查的任务。`, { task: id });
        return { object: task.object, reason };
      }),
    );
    const days = daysOf(draw, body.days, asked.at, policy.visits.weekdays);
    const ordered = replace.toSorted((a, b) => (a.object < b.object ? -1 : 1));
    const said = await bundleOf(files, draw, (file) => file.endsWith('.json'));
    const made = substitute(said, { iteration: next.iteration, days, replace: ordered });
    if (made.kind === 'refused')
      throw new Problem(422, 'substitution-refused', '替换不合规定：同一任务不能写两次，已替换的不能再替换。');
    const sha256 = await files.keep(made.bytes);
    const fact: DrawFact = { type: 'ObjectsReplaced', data: { iteration: next.iteration, sha256, objects: replace.length } };
    return save(deps, stored, [fact], asked, standsOf);
  };

/** Days of the window that are left, each once and in order. */
function daysOf(draw: Draw, wanted: readonly string[], at: Instant, weekdays: readonly number[]): Day[] {
  const left = new Set<string>(visitDays(at, draw.window, weekdays));
  const stray = wanted.find((day) => !left.has(day));
  if (stray !== undefined)
    throw new Problem(422, 'day-not-left', `${stray} 不是本期内今天（${dayOf(at)}）以后的检查日。`, { day: stray });
  return visitDays(at, draw.window, weekdays).filter((day) => wanted.includes(day));
}
