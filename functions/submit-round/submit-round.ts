import { createHash } from 'node:crypto';
import type { Place } from '../../shared/data/checklist-store.ts';
import { StaleVersion, TRANSACTION_LIMIT, type Write } from '../../shared/data/commit.ts';
import type { DutyChange, DutyStore, StoredPage } from '../../shared/data/duty-store.ts';
import { hazardIdFrom } from '../../shared/data/hazard-store.ts';
import { roundSubject } from '../../shared/data/round-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import {
  type Check,
  claimedSealed,
  colourOf,
  decideRound,
  outcomesOf,
  type RoundData,
  type RoundSubmitted,
  roundData,
  type SealAmended,
  standingOn,
} from '../../shared/domain/check-round.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { pageKey, sealSubject } from '../../shared/domain/duty-name.ts';
import type { DutyPage } from '../../shared/domain/duty-page.ts';
import { isEvidenceOf } from '../../shared/domain/evidence.ts';
import { type CountyCode, type HazardId, objectId, type RiskNo } from '../../shared/domain/ids.ts';
import { actorOf, type LedgerEvent, type Occasion, recordFacts } from '../../shared/domain/ledger-event.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { withoutPersonalData } from '../../shared/domain/personal-data.ts';
import { itemsOfFacts } from '../../shared/domain/personal-members.ts';
import { type RoundPolicy, roundPolicyFor } from '../../shared/policy/round-policy.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { CarriedOut, Request, Route } from '../../shared/runtime/route.ts';
import type { FoundHazard, RoundItem, submitRound as route } from './api.ts';

/** A hazard that a round found, before its case is opened. */
export interface Found {
  readonly id: HazardId;
  readonly owner: Owner;
  readonly riskNo: RiskNo;
  /** Of the risk point when found; the case stays under it for ever. */
  readonly colour: Colour;
  readonly hazard: FoundHazard;
  /** The time claimed for the check. */
  readonly foundAt: Instant;
  readonly round: string;
}

/** Opens the cases of what was found, as writes and events of the round's own transaction. */
export type OpenCases = (
  found: readonly Found[],
  occasion: Occasion,
) => Promise<Pick<DutyChange, 'events'> & { writes: readonly Write[] }>;

export interface Submitting {
  readonly store: DutyStore;
  readonly county: CountyCode;
  readonly openCases: OpenCases;
  /** How many items the checklist of each risk has; those that do not stand where they are looked for are left out. */
  readonly checklistsOf: (places: readonly Place[]) => Promise<ReadonlyMap<RiskNo, number>>;
  /** The events of a round that was recorded already; none where it was not. */
  readonly eventsOf: (round: string) => Promise<readonly LedgerEvent[]>;
  /** Waits a little before trying again. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Colleagues submit for the same page at the same moment: read again and decide anew, this often. */
const ATTEMPTS = 6;
const PAUSE_MS = 20;

/** Stays on the ledger for ever, so numbers of persons are no part of what it is of: they would be found by trying. */
const hashOf = (body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(body, (_, value) => (typeof value === 'string' ? withoutPersonalData(value, NUMBERS).text : value)))
    .digest('base64url');
const NUMBERS = { persons: [], notPersons: [] };

/** What the ledger has of a round that was submitted before. */
export async function answerAgain(
  eventsOf: Submitting['eventsOf'],
  { commandId: round, caller, body }: Pick<Request<Route>, 'commandId' | 'caller' | 'body'>,
): Promise<CarriedOut | undefined> {
  const before = answerOf(round, await eventsOf(round));
  return before && { isSame: before.by === caller.id && before.hash === hashOf(body), answer: before.answer };
}

/** What is answered to a round, read off its events. */
export function answerOf(round: string, events: readonly LedgerEvent[]) {
  const recorded = events.filter((event): event is LedgerEvent<'RoundSubmitted', RoundData> => event.type === 'RoundSubmitted');
  const [first] = recorded;
  if (first === undefined) return undefined;
  return {
    by: first.actor.id,
    hash: first.data.hash,
    answer: {
      round,
      receivedAt: first.at,
      checkedAt: first.data.checkedAt,
      items: outcomesOf(recorded.map(({ data }) => data)).map((item) => ({ ...item, hazards: [...item.hazards] })),
    },
  };
}

/**
 * Records a round of checks, what it cleared and the hazards it found: one transaction. The round's events are its record of having
 * been submitted, so nothing else remembers the Idempotency-Key.
 */
export const submitRound =
  ({ store, county, openCases, checklistsOf, eventsOf, pause }: Submitting) =>
  async (request: Request<typeof route>) => {
    const { body, caller, at, commandId: round } = request;
    const policy = roundPolicyFor(county, at);
    const owner = caller.owner;
    if (owner === undefined) throw new Problem(403, 'forbidden', '只有企业人员可以提交排查。');
    const checks = readChecks(policy, body.items, body.checkedAt, at);
    const found = body.items.flatMap((item) =>
      item.result === 'hazard' ? item.hazards.map((hazard) => ({ item, hazard })) : [],
    );
    if (found.length > policy.checks.round.hazards) {
      throw new Problem(422, 'too-many-hazards', `一次提交最多 ${policy.checks.round.hazards} 项隐患，请分次提交。`, {
        most: policy.checks.round.hazards,
        why: policy.checks.round.why,
      });
    }
    for (const { hazard } of found) refuseHazard(policy, owner, hazard);
    const claim = {
      hash: hashOf(body),
      checkedAt: noLater(body.checkedAt, at),
      ...(body.device !== undefined && { device: body.device }),
    };
    const occasion: Occasion = { at, county, actor: actorOf(caller) };

    const attempt = async () => {
      const stored = await store.pagesOf(owner);
      const change = await decide(stored, checks);
      const items = change.pages.length + change.exceptions.length + itemsOfFacts(change.events) + (change.also?.length ?? 0);
      if (items > TRANSACTION_LIMIT) {
        throw new Problem(422, 'round-too-wide', '这次提交涉及的车间、补查周期或隐患太多，一次存不下，请分次提交。', {
          items,
          most: TRANSACTION_LIMIT,
        });
      }
      await store.save(change);
      return change.events;
    };

    const decide = async (stored: readonly StoredPage[], wanted: readonly Check[]): Promise<DutyChange> => {
      const pages = stored.map(({ page }) => page);
      const versionOf = new Map(stored.map(({ page, version }) => [page, version]));
      const sealed = await Promise.all(
        claimedSealed(pages, wanted, policy.cadences).map(async ({ page, period }) => ({
          page,
          period,
          exceptions: await store.exceptions(page, period),
        })),
      );
      const sealedOf = (page: DutyPage, period: number) =>
        sealed.find((one) => one.page === page && one.period === period)?.exceptions;
      const decision = decideRound(pages, wanted, policy.cadences, sealedOf, at);
      if (decision.unknown.length > 0) {
        throw new Problem(422, 'unknown-points', '下列风险点不在已签字的风险清单中，请核对编号，或先由负责人签字。', {
          points: decision.unknown,
        });
      }
      await refuseIncomplete(pages, wanted);
      const cases: Found[] = body.items.flatMap((item) =>
        item.result !== 'hazard'
          ? []
          : item.hazards.map((hazard, index): Found => {
              const colour = colourOf(pages, item.riskNo) ?? 'BLUE';
              const claimedAt = wanted.find(({ no }) => no === item.riskNo)?.claimedAt ?? at;
              const id = hazardIdFrom(colour, 'round', round, item.riskNo, index);
              return { id, owner, riskNo: item.riskNo, colour, hazard, foundAt: claimedAt, round };
            }),
      );
      const opened = cases.length === 0 ? { writes: [], events: [] } : await openCases(cases, occasion);
      const hazards = new Map<RiskNo, HazardId[]>();
      for (const { riskNo, id } of cases) hazards.set(riskNo, [...(hazards.get(riskNo) ?? []), id]);
      const changed = decision.pages.filter(({ before, after }) => before !== after);
      const events = decision.pages.flatMap((checked, index) => {
        const { before, after } = checked;
        const pages = before === after ? [] : [{ key: pageKey(before), version: (versionOf.get(before) ?? 0) + 1 }];
        const fact: RoundSubmitted = { type: 'RoundSubmitted', data: roundData(checked, { ...claim, pages }, hazards) };
        return recordFacts([fact], roundSubject(round), index, before.colour, occasion);
      });
      const amendments = decision.amendments.map(({ page, period, exceptions, madeUpLate, onTime }) => {
        const ifVersion = sealed.find((one) => one.page === page && one.period === period)?.exceptions?.version ?? 0;
        const fact: SealAmended = { type: 'SealAmended', data: { round, madeUpLate, onTime } };
        const { workshop } = page;
        return {
          write: {
            sealed: { owner, colour: page.colour, period, ...exceptions, ...(workshop !== undefined && { workshop }) },
            ifVersion,
          },
          events: recordFacts([fact], sealSubject(page, period), ifVersion, page.colour, occasion),
        };
      });
      return {
        pages: changed.map(({ before, after }) => ({ page: after, ifVersion: versionOf.get(before) ?? 0 })),
        exceptions: amendments.map(({ write }) => write),
        events: [...events, ...amendments.flatMap(({ events }) => events), ...opened.events],
        also: opened.writes,
      };
    };

    /** Each control measure is an item of the checklist (一企一标准), and a check answers all of them. */
    const refuseIncomplete = async (pages: readonly DutyPage[], wanted: readonly Check[]): Promise<void> => {
      const answered = wanted.flatMap(({ no, answers }) => (answers === undefined ? [] : [{ no, given: answers.length }]));
      const lengths = await checklistsOf(answered.map(({ no }) => ({ owner, no, standing: standingOn(pages, no) })));
      const points = answered.map(({ no, given }) => {
        const expected = lengths.get(no);
        if (expected === undefined) throw new StaleVersion(`${no} was moved while its round was being decided`);
        return { riskNo: no, expected, given };
      });
      const wrong = points.filter(({ expected, given }) => expected !== given);
      if (wrong.length === 0) return;
      throw new Problem(422, 'checklist-mismatch', '检查结果与检查表的项数不符，请刷新检查表，逐项填写后再提交。', {
        points: wrong,
      });
    };

    for (let attempts = 1; ; attempts++) {
      try {
        const answered = answerOf(round, await attempt());
        if (answered === undefined) throw new Error(`round ${round} recorded no event`);
        return answered.answer;
      } catch (error) {
        if (!(error instanceof StaleVersion) || attempts >= ATTEMPTS || (await eventsOf(round)).length > 0) throw error;
        await pause(PAUSE_MS * attempts * (1 + spread(round)));
      }
    }
  };

/** A clock that runs a little ahead of ours claims the moment of receipt. */
const noLater = (claimed: Instant, at: Instant): Instant => (claimed > at ? at : claimed);

/** The checks as claimed, held against the policy: no claim from the future, none from long ago. */
function readChecks(policy: RoundPolicy, items: readonly RoundItem[], checkedAt: Instant, at: Instant): readonly Check[] {
  const { claim, round, texts } = policy.checks;
  if (items.length > round.points) {
    throw new Problem(422, 'round-too-large', `一次提交最多 ${round.points} 个风险点，请分次提交。`, {
      most: round.points,
      why: round.why,
    });
  }
  return items.map((item): Check => {
    const claimed = item.checkedAt ?? checkedAt;
    if (claimed > plusMs(at, limitMs(claim.ahead))) {
      throw new Problem(422, 'claimed-ahead', '检查时间晚于服务器时间，请校准设备时钟后重试。', {
        riskNo: item.riskNo,
        serverTime: at,
        why: claim.why,
      });
    }
    if (claimed < plusMs(at, -limitMs(claim.oldest))) {
      throw new Problem(422, 'claimed-too-old', '检查时间过早，已超过允许补传的期限。', {
        riskNo: item.riskNo,
        serverTime: at,
        why: claim.why,
      });
    }
    if (item.result === 'not-applicable' && item.reason.length > texts.reason) {
      throw new Problem(422, 'text-too-long', `不适用理由最多 ${texts.reason} 字。`, { riskNo: item.riskNo, why: texts.why });
    }
    return {
      no: item.riskNo,
      claimedAt: noLater(claimed, at),
      result: item.result,
      ...(item.result !== 'not-applicable' && { answers: item.answers }),
      ...(item.result === 'not-applicable' && { reason: item.reason }),
    };
  });
}

function refuseHazard({ checks: { texts }, evidence }: RoundPolicy, owner: Owner, hazard: FoundHazard): void {
  if (hazard.description.length > texts.description) {
    throw new Problem(422, 'text-too-long', `隐患描述最多 ${texts.description} 字。`, { hazard: hazard.name, why: texts.why });
  }
  if (hazard.evidence.length > evidence.perItem) {
    throw new Problem(422, 'too-much-evidence', `每项隐患最多 ${evidence.perItem} 件证据。`, { why: evidence.why });
  }
  if (!hazard.evidence.every((key) => isEvidenceOf(objectId(owner), key))) {
    throw new Problem(422, 'evidence-of-another', '证据编号不属于本单位，请先上传证据再引用。', { hazard: hazard.name });
  }
}

/** Between 0 and 1, another for each round: two that collided do not collide again in step. */
const spread = (round: string): number =>
  Number.parseInt(createHash('sha256').update(round).digest('hex').slice(0, 4), 16) / 0x10000;
