/** Each route with its work: whose checks are asked about, whether the caller may see them, and what is answered. */
import type { DutyStore } from '../../shared/data/duty-store.ts';
import { evidenceKeyOf, type evidenceUploads } from '../../shared/data/evidence-uploads.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { UngradedStore } from '../../shared/data/ungraded-store.ts';
import type { Operation } from '../../shared/domain/access.ts';
import type { Day, Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import type { CreditCode } from '../../shared/domain/credit-code.ts';
import { objectOfEvidence } from '../../shared/domain/evidence.ts';
import { type Figures, noFigures, sumFigures } from '../../shared/domain/figures.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { areaObject, enterpriseObject, partsOfObject } from '../../shared/domain/object.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import { cadenceOf, type Policy, whyCheck } from '../../shared/policy/load.ts';
import { type AreaRegister, areaFor } from '../../shared/runtime/area-in-sight.ts';
import { type Enterprise, enterpriseFor, enterprisesFor, type Register } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { readDutiesOf, readExceptionsOf } from './duties.ts';
import { coverageOf, monthFigures, type Standing, standingOf } from './figures.ts';
import { type Lists, readList, submitList } from './hazard-lists.ts';
import { pageOfSorted } from './paging.ts';
import { roundOf, roundsOfDay } from './rounds.ts';

export interface ServeChecks extends Lists {
  readonly store: DutyStore;
  readonly register: Register & AreaRegister;
  readonly ungraded: UngradedStore;
  readonly ledger: LedgerStore;
  /** The events of a round; none where it was never recorded. */
  readonly roundEvents: (round: string) => Promise<readonly LedgerEvent[]>;
  readonly evidence: ReturnType<typeof evidenceUploads>;
  /** The policy in force at an instant. */
  readonly policyAt: (at: Instant) => Policy;
}

/** So many enterprises are looked into at a time. */
const ABREAST = 16;

export function servedChecks(deps: ServeChecks): Served[] {
  const { county, store, register, ungraded, ledger, roundEvents, evidence, policyAt } = deps;
  const theEnterprise = (caller: Caller, operation: Operation, named?: CreditCode) =>
    enterpriseFor(register, county, caller, operation, named);

  /** Those whose figures the caller may see, by owner; `only`: it is about this one and nobody else. */
  const inSight = async (
    caller: Caller,
    named?: CreditCode,
  ): Promise<{ readonly seen: ReadonlyMap<Owner, Enterprise>; readonly only?: Owner }> => {
    const isStaff = caller.owner !== undefined && enterpriseOf(caller.owner) !== undefined;
    if (named === undefined && !isStaff) return { seen: await enterprisesFor(register, county, caller, 'ReadFigures') };
    const one = await theEnterprise(caller, 'ReadFigures', named);
    return { seen: new Map([[one.owner, one]]), only: one.owner };
  };

  /** What is signed is graded and counted in the record; so only a list that was changed since, and counts nothing, is looked into. */
  const hasRisks = async ({ owner, list, counting }: Enterprise): Promise<boolean> =>
    COLOURS.some((colour) => counting[colour] > 0) || (list.version > list.signedVersion && (await ungraded.hasGraded(owner)));

  const standingsOf = async (
    seen: ReadonlyMap<Owner, Enterprise>,
    figures: ReadonlyMap<Owner, Figures>,
    only: Owner | undefined,
  ): Promise<(Enterprise & { readonly standing: Standing })[]> => {
    const withoutGrade = await ungraded.ungradedOwners(only);
    const answered: (Enterprise & { readonly standing: Standing })[] = [];
    const waiting = [...seen.values()];
    const work = async (): Promise<void> => {
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
        const hasUngraded = withoutGrade.has(one.owner);
        const risks = { hasRisks: hasUngraded || (await hasRisks(one)), hasUngraded };
        answered.push({ ...one, standing: standingOf(one, risks, figures.get(one.owner) ?? noFigures) });
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    return answered;
  };

  return [
    serve(api.readDuties, async ({ query: { enterprise, limit, cursor, ...wanted }, caller, at }) => {
      const { owner } = await theEnterprise(caller, 'ReadDuties', enterprise);
      const duties = await readDutiesOf({ store, register, county })(owner, wanted, at);
      return pageOfSorted(duties, ({ until, riskNo, colour }) => `${until} ${riskNo} ${colour}`, { limit, cursor });
    }),

    serve(api.listRounds, async ({ query: { enterprise, day, limit, cursor }, caller }) => {
      const { owner } = await theEnterprise(caller, 'ReadRound', enterprise);
      const rounds = await roundsOfDay(ledger, county, owner, day as Day);
      return pageOfSorted(rounds, ({ receivedAt, round }) => `${receivedAt} ${round}`, { limit, cursor });
    }),

    serve(api.readRound, async ({ params, caller }) => {
      const found = roundOf(await roundEvents(params.round));
      const uscc = found && enterpriseOf(found.owner);
      if (found === undefined || uscc === undefined) throw new Problem(404, 'not-found', '没有找到这次排查。');
      await theEnterprise(caller, 'ReadRound', uscc);
      const { owner: _, ...round } = found;
      return round;
    }),

    serve(api.listExceptions, async ({ query: { enterprise, month, limit, cursor }, caller, at }) => {
      const { owner, uscc } = await theEnterprise(caller, 'ReadDuties', enterprise);
      const exceptions = await readExceptionsOf({ store, county })(owner, uscc, month, at);
      const keyOf = ({ until, colour, workshop }: (typeof exceptions)[number]) => `${until} ${colour} ${workshop ?? ''}`;
      return pageOfSorted(exceptions, keyOf, { limit, cursor });
    }),

    serve(api.requestUpload, async ({ body: { enterprise, area, ...file }, caller, at }) => {
      if (enterprise !== undefined && area !== undefined) {
        throw new Problem(422, 'enterprise-or-area', '企业和公共区域只能写一个。');
      }
      const object =
        area === undefined
          ? enterpriseObject((await theEnterprise(caller, 'UploadEvidence', enterprise)).uscc)
          : areaObject(area.township, (await areaFor(register, county, caller, 'UploadEvidence', area)).no);
      const policy = policyAt(at);
      return evidence.upload(evidenceKeyOf(object, file, policy), file, policy, at);
    }),

    serve(api.readEvidence, async ({ query: { key }, caller, at }) => {
      const object = objectOfEvidence(key);
      const parts = object && partsOfObject(object);
      if (parts === undefined) throw new Problem(404, 'not-found', '没有找到这件证据。');
      if (parts.of === 'enterprise') await theEnterprise(caller, 'ReadEvidence', parts.uscc);
      else await areaFor(register, county, caller, 'ReadEvidence', parts);
      return evidence.download(key, policyAt(at), at);
    }),

    serve(api.readHazardList, async ({ params, query, caller, at }) =>
      readList(deps)(await theEnterprise(caller, 'ReadHazardList', query.enterprise), params.month, at),
    ),

    serve(api.submitHazardList, async (request) =>
      submitList(deps)(await theEnterprise(request.caller, 'SubmitHazardList'), request),
    ),

    serve(api.readFigures, async ({ params: { month }, query, caller, at }) => {
      const policy = policyAt(at);
      const { seen, only } = await inSight(caller, query.enterprise);
      const byColour = await monthFigures(store, county, month, at, only);
      const colours = COLOURS.map((colour) => {
        const of = [...(byColour.get(colour) ?? [])].filter(([owner]) => seen.has(owner));
        const figures = of.reduce((sum, [, figures]) => sumFigures(sum, figures), noFigures);
        return { colour, cadence: cadenceOf(policy, colour), why: whyCheck(policy, colour), ...figures };
      });
      const total = colours.reduce<Figures>(sumFigures, noFigures);
      return { month, colours, total };
    }),

    serve(api.readCoverage, async ({ params: { month }, query: { by }, caller, at }) => {
      const { seen, only } = await inSight(caller);
      const byColour = await monthFigures(store, county, month, at, only);
      const figures = new Map<Owner, Figures>();
      for (const owners of byColour.values())
        for (const [owner, one] of owners) figures.set(owner, sumFigures(figures.get(owner) ?? noFigures, one));
      return { month, countedAt: at, groups: coverageOf(await standingsOf(seen, figures, only), by, county, policyAt(at)) };
    }),
  ];
}
