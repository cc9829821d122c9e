/**
 * How the county's enterprises go round. Who goes when is planned; which points a round has, the county itself answers, as it answers
 * the people in the field: a diligent round has all that is due soon, a sloppy one leaves some out or comes too late.
 */
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { listExceptions, readDuties } from '../../../functions/serve-checks/api.ts';
import { submitRound } from '../../../functions/submit-round/api.ts';
import { type Instant, plusDays, plusMs } from '../../../shared/domain/calendar.ts';
import { type Act, DAYS, MONTH, minutesAfter, on, type Scene } from './act.ts';
import { everyItem } from './api-client.ts';
import type { SampleCounty, SampleEnterprise, SamplePerson, SampleRisk } from './county.ts';
import type { Random } from './random.ts';
import { staffOf } from './staff.ts';

type Duty = z.output<typeof readDuties.output>['items'][number];
type Item = z.input<NonNullable<typeof submitRound.body>>['items'][number];

const HOUR = 3_600_000;
/** Of a hundred. A sloppy enterprise's daily round, weekly round and points of a round; its afterthoughts; what is sent twice by a bad line. */
const ODDS = { daily: 65, weekly: 70, point: 80, afterthought: 40, twice: 4, notApplicable: 2 };
/** A weekly round takes what ends within so many days, and every other point of the rest. */
const SOON_DAYS = 8;
/** A claim may lie back by three days; an afterthought is about what ended in these hours, and was looked at so long before its end. */
const AFTERTHOUGHT = { withinHours: 48, beforeEnd: 7 * HOUR };
const WORKING_DAYS = 6;
/** Later than this, a round of the last day would come on the next. */
const MORNING = { first: 9, hours: 7 };

const key = (kind: string, { uscc }: SampleEnterprise, day: number): string => `sample-${kind}-${uscc}-${day}`;

const inOrder = (items: number): string => 'y'.repeat(items);

/** How many items the checklist of a point has: its control measures of every kind. */
export const checklistLength = ({ isolation, technical, protection, monitoring }: SampleRisk): number =>
  [isolation, technical, protection, monitoring].flat().length;

const itemOf = (duty: Duty, notApplicable: boolean): Item =>
  notApplicable
    ? { riskNo: duty.riskNo, result: 'not-applicable', reason: '设备当日未投入使用，已断电挂牌' }
    : { riskNo: duty.riskNo, result: 'normal', answers: inOrder(duty.checklist.length) };

/** Sends a round; where the line is bad, a second time, which has to be answered like the first. */
export async function sendRound(
  { api, fault }: Scene,
  round: { readonly as: SamplePerson; readonly at: Instant; readonly key: string; readonly checkedAt: Instant },
  items: Item[],
  twice = false,
) {
  const { as, at, key, checkedAt } = round;
  const body = { checkedAt, device: 'sample-phone', items };
  const answer = await api(submitRound, { as, at, key, body });
  if (twice) {
    const again = await api(submitRound, { as, at: minutesAfter(at, 1), key, body });
    if (!isDeepStrictEqual(again, answer)) fault(`round ${key} was sent twice and answered in two ways`);
  }
  return answer;
}

interface Going {
  readonly enterprise: SampleEnterprise;
  readonly by: SamplePerson;
  readonly at: Instant;
  readonly key: string;
  readonly twice: boolean;
  readonly wants: (duty: Duty, place: number) => boolean;
  readonly notApplicable: (place: number) => boolean;
}

/** Asks what is due, goes there, and reports within the hour. */
async function goRound(scene: Scene, { by, at, key, twice, wants, notApplicable }: Going): Promise<void> {
  const asked = plusMs(at, -HOUR);
  const items = await everyItem((from) => scene.api(readDuties, { as: by, at: asked, query: { state: 'open', ...from } }));
  const due = items.filter(wants);
  if (due.length === 0) return;
  const checks = due.map((duty, place) => itemOf(duty, notApplicable(place)));
  await sendRound(scene, { as: by, at, key, checkedAt: minutesAfter(asked, 20) }, checks, twice);
}

/** Makes up what the county lists as missed, claiming the time at which somebody had been there. */
async function makeUp(
  scene: Scene,
  risks: readonly SampleRisk[],
  { by, at, key }: Pick<Going, 'by' | 'at' | 'key'>,
): Promise<void> {
  const items = await everyItem((from) => scene.api(listExceptions, { as: by, at, query: { month: MONTH, ...from } }));
  const since = plusMs(at, -AFTERTHOUGHT.withinHours * HOUR);
  const claims = new Map<Duty['riskNo'], Instant>();
  for (const { missed, until } of items.filter(({ until }) => until > since)) {
    for (const no of missed) if (!claims.has(no)) claims.set(no, plusMs(until, -AFTERTHOUGHT.beforeEnd));
  }
  const checks = [...claims].flatMap(([riskNo, checkedAt]): Item[] => {
    const risk = risks.find(({ no }) => no === riskNo);
    return risk === undefined ? [] : [{ riskNo, checkedAt, result: 'normal', answers: inOrder(checklistLength(risk)) }];
  });
  if (checks.length > 0) await sendRound(scene, { as: by, at, key, checkedAt: at }, checks);
}

/** The rounds of one enterprise through the month. */
function roundsOf(sample: SampleCounty, enterprise: SampleEnterprise, index: number, random: Random): Act[] {
  const { uscc, behaviour } = enterprise;
  if (behaviour === 'absent') return [];
  const isSloppy = behaviour === 'sloppy';
  const staff = staffOf(sample, enterprise);
  const risks = sample.risks.filter((risk) => risk.uscc === uscc);
  const reds = risks.filter((risk) => risk.residualGrade === 'RED');
  const acts: Act[] = [];
  const add = (does: string, at: Instant, run: Act['run']) => acts.push({ at, track: uscc, story: 'rounds', does, run });
  const going = (kind: string, day: number, by: SamplePerson, wants: Going['wants']): Going => {
    const at = on(day, `${MORNING.first + random.below(MORNING.hours)}:${random.below(60)}`);
    const [twice, skipped] = [random.percent(ODDS.twice), random.below(100)];
    const notApplicable = (place: number): boolean => (place + skipped) % 100 < ODDS.notApplicable;
    return { enterprise, by, at, key: key(kind, enterprise, day), twice, wants, notApplicable };
  };
  for (let day = 1; day <= DAYS; day++) {
    if (reds.length > 0 && (!isSloppy || random.percent(ODDS.daily))) {
      const red = reds[day % reds.length];
      const by = red === undefined ? staff.manager : staff.at(red).postHolder;
      const round = going('daily', day, by, ({ colour }) => colour === 'RED');
      add('daily-round', round.at, (scene) => goRound(scene, round));
    }
    const isRoundDay = (day - 1) % 7 === index % WORKING_DAYS;
    if (isRoundDay && (!isSloppy || random.percent(ODDS.weekly))) {
      const left = random.below(100);
      const wants = (duty: Duty, place: number): boolean => {
        if (isSloppy) return (place * 37 + left) % 100 < ODDS.point;
        return duty.until <= plusDays(on(day, '00:00'), SOON_DAYS) || (place + day) % 2 === 0;
      };
      const round = going('weekly', day, staff.manager, wants);
      add('weekly-round', round.at, (scene) => goRound(scene, round));
    }
  }
  // Rounds of the morning after, about the days before: the month's last day has one too.
  for (let day = 2; isSloppy && day <= DAYS + 1; day++) {
    if (!random.percent(ODDS.afterthought) && day !== DAYS + 1) continue;
    const at = on(day, `8:${random.below(30)}`);
    add('late-round', at, (scene) => makeUp(scene, risks, { by: staff.manager, at, key: key('late', enterprise, day) }));
  }
  return acts;
}

export const planRounds = (sample: SampleCounty, random: Random): Act[] =>
  sample.enterprises.flatMap((enterprise, index) => roundsOf(sample, enterprise, index, random));
