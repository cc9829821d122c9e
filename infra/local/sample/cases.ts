/**
 * The story of one case: who finds it, who does what with it and when. Everybody looks at the case before he acts, as one does on a
 * screen, so what schedules did to it meanwhile does not get in his way.
 */
import type * as z from 'zod';
import { commandRoutes, readHazard, reportHazard } from '../../../functions/serve-hazards/api.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { PersonCommandType } from '../../../shared/domain/hazard-offers.ts';
import type { EvidenceKey, HazardId } from '../../../shared/domain/ids.ts';
import type { Route } from '../../../shared/runtime/route.ts';
import { type Act, expectRefusal, fileOf, minutesAfter, type Place, type Scene, trackOf } from './act.ts';
import { type Asked, Refused } from './api-client.ts';
import type { SamplePerson, SampleRisk } from './county.ts';
import { type EvidenceFile, paper, photo } from './evidence.ts';
import { checklistLength, sendRound } from './rounds.ts';

type WithoutVersion<Whole> = Whole extends unknown ? Omit<Whole, 'version'> : never;
type Body<Type extends PersonCommandType> = WithoutVersion<z.input<(typeof commandRoutes)[Type]['body'] & z.ZodType>>;

/** Uploads for whoever acts; the name says what is to be seen. */
export interface Hands {
  photo(name: string): Promise<EvidenceKey>;
  paper(name: string): Promise<EvidenceKey>;
}

/** One step of a story. */
export interface Step {
  readonly at: Instant;
  readonly by: SamplePerson;
  readonly does: string;
  /** The code of the refusal that it has to meet. */
  readonly refusedAs?: string;
  run(scene: Scene, file: CaseInHand, key: string): Promise<void>;
}

/** What the people of a story know of it. */
interface CaseInHand {
  readonly place: Place;
  id?: HazardId;
}

export interface Finding {
  readonly risk: SampleRisk;
  readonly name: string;
  readonly description: string;
  readonly isMajor?: boolean;
}

const handsOf = (scene: Scene, { place }: CaseInHand, as: SamplePerson, at: Instant, key: string): Hands => {
  const upload = (file: EvidenceFile) => scene.upload(as, at, fileOf(place), file);
  return { photo: (name) => upload(photo(`${key} ${name}`)), paper: (name) => upload(paper(`${key} ${name}`)) };
};

/** Found in a round of checks, with a photo. */
export const foundInRound = (at: Instant, by: SamplePerson, { risk, name, description, isMajor }: Finding): Step => ({
  at,
  by,
  does: 'SubmitRound',
  async run(scene, file, key) {
    const evidence = [await handsOf(scene, file, by, at, key).photo('发现时')];
    const level = isMajor ? 'major' : 'general';
    const hazards = [{ name, description, level, evidence }] as const;
    const answers = `n${'y'.repeat(checklistLength(risk) - 1)}`;
    const items = [{ riskNo: risk.no, result: 'hazard' as const, answers, hazards: [...hazards] }];
    const { items: answered } = await sendRound(scene, { as: by, at, key, checkedAt: minutesAfter(at, -20) }, items);
    const id = answered[0]?.hazards[0];
    if (id === undefined) throw new Error('the round answered no hazard');
    file.id = id;
  },
});

/** Reported outside a round: by staff, or by those who came to inspect. */
export const reported = (at: Instant, by: SamplePerson, { risk, description, isMajor }: Finding): Step => ({
  at,
  by,
  does: 'ReportHazard',
  async run(scene, file, key) {
    const evidence = [await handsOf(scene, file, by, at, key).photo('发现时')];
    const foundAt = minutesAfter(at, -15);
    const body = {
      enterprise: risk.uscc,
      foundAt,
      place: risk.place,
      description,
      evidence,
      risk: risk.no,
      suspectedMajor: isMajor === true,
    };
    file.id = (await scene.api(reportHazard, { as: by, at, key, body })).id;
  },
});

/** Somebody else may have been quicker, or a schedule: look again, then act. */
const ATTEMPTS = 4;

/** A command on the case. */
export const does = <Type extends PersonCommandType>(
  type: Type,
  at: Instant,
  by: SamplePerson,
  body: Body<Type> | ((hands: Hands) => Promise<Body<Type>>),
  refusedAs?: string,
): Step => ({
  at,
  by,
  does: type,
  ...(refusedAs !== undefined && { refusedAs }),
  async run(scene, file, key) {
    const { id } = file;
    if (id === undefined) throw new Error(`${type} before the case was found`);
    const content = typeof body === 'function' ? await body(handsOf(scene, file, by, at, key)) : body;
    for (let attempt = 1; ; attempt++) {
      const { version } = await scene.api(readHazard, { as: by, at, params: { id } });
      // The route of the type, and the body that its schema reads: the compiler follows them one by one, but not for any of them.
      const asked = { as: by, at, key, params: { id }, body: { ...content, version } } as unknown as Asked<Route>;
      try {
        await scene.api(commandRoutes[type] as unknown as Route, asked);
        return;
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'stale-version' || attempt >= ATTEMPTS) throw error;
      }
    }
  },
});

/** The acts of a story. What goes wrong in one of them is told once; the acts after it cannot follow. `id`: of a case that is open already. */
export function caseActs(story: string, place: Place, steps: readonly Step[], number: number | string = 1, id?: HazardId): Act[] {
  const file: CaseInHand = { place, ...(id !== undefined && { id }) };
  let isBroken = false;
  return steps.map(({ at, does: what, refusedAs, run }, index) => ({
    at,
    track: trackOf(place),
    story,
    does: refusedAs === undefined ? what : `${what}, refused: ${refusedAs}`,
    async run(scene) {
      if (isBroken) return;
      const key = `sample-${story}-${number}.${index}`;
      const name = `${story} (${place.name}), step ${index + 1}, ${what}`;
      try {
        if (refusedAs === undefined) await run(scene, file, key);
        else await expectRefusal(scene, name, refusedAs, () => run(scene, file, key));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        isBroken = true;
        scene.fault(`${name}: ${error.message}`);
      }
    },
  }));
}
