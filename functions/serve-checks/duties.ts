import type * as z from 'zod';
import type { DutyStore } from '../../shared/data/duty-store.ts';
import { type Instant, type Period, periodAt, periodName, windowOf } from '../../shared/domain/calendar.ts';
import { type DutyPage, pointOf, type SlotState, slotState } from '../../shared/domain/duty-page.ts';
import { exceptionsWithin, periodsOfMonth } from '../../shared/domain/figures.ts';
import type { CountyCode, RiskNo } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { checklistOf, type RiskPoint } from '../../shared/domain/register-risk.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import type { Register } from '../../shared/runtime/enterprise-in-sight.ts';
import type { listExceptions, readDuties } from './api.ts';

type Duty = z.input<typeof readDuties.output>['items'][number];
type ExceptionsOut = z.input<typeof listExceptions.output>['items'][number];

export interface DutiesWanted {
  readonly workshop?: string | undefined;
  readonly team?: string | undefined;
  readonly post?: string | undefined;
  readonly person?: string | undefined;
  readonly state?: Duty['state'] | undefined;
}

const STATE: Readonly<Record<SlotState, Duty['state']>> = {
  open: 'open',
  done: 'done',
  'done-late': 'late',
  missed: 'missed',
  suspended: 'suspended',
};

/** The slots of a point that a reader at `at` wants to know of: this period's, and earlier ones that are neither done nor sealed. */
function* slotsToShow(page: DutyPage, no: RiskNo, cadence: Duty['cadence'], at: Instant): Generator<[Period, SlotState]> {
  const point = pointOf(page, no);
  const now = periodAt(cadence, at);
  if (point === undefined) return;
  const first = Math.max((page.sealedThrough ?? Number.NEGATIVE_INFINITY) + 1, point.spans[0]?.from ?? now);
  for (let period = first; period <= now; period++) {
    const state = slotState(point, cadence, period, at);
    if (state !== undefined && (period === now || state === 'missed' || state === 'done-late')) yield [period, state];
  }
}

const isWanted = ({ content }: RiskPoint, { workshop, team, post, person }: DutiesWanted): boolean =>
  (workshop === undefined || content.workshop === workshop) &&
  (team === undefined || content.team === team) &&
  (post === undefined || content.post === post) &&
  (person === undefined || content.responsible === person || content.controls.some((control) => control.person === person));

/** What an enterprise's people have to check, in no order, each with its reason and its checklist. */
export const readDutiesOf =
  ({ store, register, county }: { store: DutyStore; register: Register; county: CountyCode }) =>
  async (owner: Owner, wanted: DutiesWanted, at: Instant): Promise<Duty[]> => {
    const policy = policyFor(county, at);
    const cadences = cadencesOf(county, at);
    const [pages, risks] = await Promise.all([store.pagesOf(owner), register.risksOf(owner)]);
    const byNo = new Map(risks.map((risk) => [risk.no, risk]));
    const duties: Duty[] = [];
    for (const { page } of pages) {
      const cadence = cadences[page.colour];
      for (const no of Object.keys(page.points) as RiskNo[]) {
        const risk = byNo.get(no);
        if (risk === undefined || !isWanted(risk, wanted)) continue;
        const { name, location, workshop, team, post, responsible } = risk.content;
        for (const [period, state] of slotsToShow(page, no, cadence, at)) {
          if (wanted.state !== undefined && STATE[state] !== wanted.state) continue;
          duties.push({
            riskNo: no,
            name,
            location,
            ...(workshop !== undefined && { workshop }),
            ...(team !== undefined && { team }),
            ...(post !== undefined && { post }),
            responsible,
            colour: page.colour,
            cadence,
            period: periodName(cadence, period),
            ...windowOf(cadence, period),
            state: STATE[state],
            why: whyCheck(policy, page.colour),
            checklist: checklistOf(risk.content),
          });
        }
      }
    }
    return duties;
  };

/** What was not done on time of an enterprise's checks in a month, sealed or still to be sealed, in no order. */
export const readExceptionsOf =
  ({ store, county }: { store: DutyStore; county: CountyCode }) =>
  async (owner: Owner, uscc: string, month: string, at: Instant): Promise<ExceptionsOut[]> => {
    const policy = policyFor(county, at);
    const cadences = cadencesOf(county, at);
    const pages = await store.pagesOf(owner);
    const found = await Promise.all(
      pages.map(async ({ page }) => {
        const cadence = cadences[page.colour];
        const { first, last } = periodsOfMonth(cadence, month);
        const ended = Math.min(last, periodAt(cadence, at) - 1);
        const sealed = await store.exceptionsOf(page, first, ended);
        return [...exceptionsWithin(page, cadence, first, ended, sealed)].map(
          ({ period, missed, madeUpLate, suspended }): ExceptionsOut => ({
            enterprise: uscc,
            ...(page.workshop !== undefined && { workshop: page.workshop }),
            colour: page.colour,
            cadence,
            period: periodName(cadence, period),
            until: windowOf(cadence, period).until,
            why: whyCheck(policy, page.colour),
            sealed: sealed.some((one) => one.period === period),
            missed: [...missed],
            madeUpLate: [...madeUpLate],
            suspended: [...suspended],
          }),
        );
      }),
    );
    return found.flat();
  };
