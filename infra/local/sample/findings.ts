/** What inspectors find where they come to, by a seeded chance: the same at the same place in every month that is played. */
import { createHash } from 'node:crypto';
import type { DrawFamily } from '../../../shared/domain/draw-kind.ts';
import type { ObjectId } from '../../../shared/domain/ids.ts';
import { areaObject, enterpriseObject } from '../../../shared/domain/object.ts';
import type { TaskOutcome } from '../../../shared/domain/task.ts';
import type { Place } from './act.ts';
import type { SampleCounty } from './county.ts';
import { seededRandom } from './random.ts';

/** A visit as it will go. `major`: what is found is suspected to be a major hazard. */
export interface Found {
  readonly outcome: TaskOutcome;
  readonly problem: boolean;
  readonly hazard: 'none' | 'general' | 'major';
}

/** Of a hundred visits: nothing is found, or only a problem; the rest finds a general hazard. */
const ODDS = { nothing: 50, problem: 30 };

const NOTHING: Found = { outcome: 'inspected', problem: false, hazard: 'none' };

export const objectOf = (place: Place): ObjectId =>
  'uscc' in place ? enterpriseObject(place.uscc) : areaObject(place.township, place.no);

/** The place that a task is about. */
export function placeOf({ enterprises, areas }: SampleCounty, object: ObjectId): Place {
  const place = [...enterprises, ...areas].find((each) => objectOf(each) === object);
  if (place === undefined) throw new Error(`the sample has no ${object}`);
  return place;
}

/** What cannot be inspected in the month: each of these outcomes once, at enterprises that nobody looks after, in their random draws. */
const OUTCOMES: readonly TaskOutcome[] = ['not-found', 'refused', 'closed-down'];

/** How a visit goes. */
export function foundAt(sample: SampleCounty, object: ObjectId, family: DrawFamily): Found {
  const { enterprises, risks } = sample;
  const neglected = enterprises.filter(({ behaviour }) => behaviour === 'absent');
  // The first of them never signs its list, and is in no pool.
  const outcome = OUTCOMES[neglected.findIndex((enterprise) => objectOf(enterprise) === object) - 1];
  if (outcome !== undefined && family === 'RANDOM') return { outcome, problem: false, hazard: 'none' };
  const place = placeOf(sample, object);
  const isNeglected = 'behaviour' in place && place.behaviour === 'absent';
  const gravest = enterprises.find(
    ({ uscc, behaviour }) => behaviour === 'diligent' && risks.some((risk) => risk.uscc === uscc && risk.residualGrade === 'RED'),
  );
  if (gravest !== undefined && objectOf(gravest) === object && family === 'RANDOM') return { ...NOTHING, hazard: 'major' };
  const seed = createHash('sha256').update(`sample visit ${object} ${family}`).digest().readUInt32BE(0);
  const chance = seededRandom(seed).below(100);
  if (chance < ODDS.nothing) return NOTHING;
  const isProblem = chance < ODDS.nothing + ODDS.problem || isNeglected;
  return { ...NOTHING, problem: isProblem, hazard: isProblem ? 'none' : 'general' };
}
