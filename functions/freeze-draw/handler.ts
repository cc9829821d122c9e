/** Called by the workflow at its beginning: announces the draw of a period, or finds the one that there is. */
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { sealSecret } from '../../shared/data/draw-secret.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoKeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { dynamoRegisterStore, eachStop } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { freshBytes } from '../../shared/runtime/chance.ts';
import { now } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { freezeInput } from '../../workflows/inspection-draw/contract.ts';
import { environment } from './environment.ts';
import { freezeDraw } from './freeze-draw.ts';
import { gatherPool } from './gather-pool.ts';

const { COUNTY, SIMULATION, DRAWS_BUCKET, DRAW_KEY_ID, RANDOMNESS, SOFTWARE_SHA256 } = environment.parse(process.env);
const draws = dynamoDrawStore(COUNTY);

const later = (at: Instant): Instant => {
  const clock = now();
  return clock > at ? clock : at;
};

export const handler = eventHandler({
  service: 'freeze-draw',
  input: freezeInput,
  run: async (run, logger) => {
    const policy = policyFor(COUNTY, run.at);
    const freeze = freezeDraw({
      county: COUNTY,
      since: policiesOf(COUNTY).since,
      draws,
      files: s3DrawFiles(DRAWS_BUCKET),
      gather: gatherPool({
        county: COUNTY,
        authorities: [...Object.keys(policy.departments.values).map(department), GOVERNMENT],
        register: dynamoRegisterStore(COUNTY),
        stops: () => eachStop(COUNTY),
        hazards: dynamoHazardStore,
        inspectors: dynamoInspectorStore(COUNTY),
        lists: dynamoItemListStore(COUNTY),
        tasks: dynamoTaskStore,
        draws,
        keyUnits: (at) => dynamoKeyUnitStore(COUNTY).keyObjects(at),
      }),
      policyAt: (at) => policyFor(COUNTY, at),
      randomness: RANDOMNESS,
      software: SOFTWARE_SHA256,
      // The one die that is rolled in the cloud: what nobody, not even who runs the county, may foresee.
      newSecret: freshBytes,
      seal: sealSecret(DRAW_KEY_ID),
      announcedFrom: SIMULATION === 'true' ? (at) => at : later,
    });
    const frozen = await freeze(run);
    logger.info('frozen', { authority: run.authority, kind: run.kind, period: run.period, ...frozen });
    return frozen;
  },
});
