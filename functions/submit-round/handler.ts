/** The path that most requests take: as little is loaded here as a round of checks needs. */
import { setTimeout as pause } from 'node:timers/promises';
import { loadChecklists } from '../../shared/data/checklist-store.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { loadOwner } from '../../shared/data/owner-store.ts';
import { loadRisk } from '../../shared/data/risk-store.ts';
import { roundEvents } from '../../shared/data/round-store.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { serve } from '../../shared/runtime/route.ts';
import { submitRound as route } from './api.ts';
import { environment } from './environment.ts';
import { openCasesIn } from './open-cases.ts';
import { answerAgain, submitRound } from './submit-round.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'submit-round',
  environment: settings,
  /** A round's own events are its record: another person's round is not told to him who hits upon its number. */
  answerOf: (again) => answerAgain(roundEvents, again),
  routes: [
    serve(
      route,
      submitRound({
        store: dynamoDutyStore(settings.COUNTY),
        county: settings.COUNTY,
        openCases: openCasesIn(settings.COUNTY, {
          owner: (owner) => loadOwner(settings.COUNTY, owner),
          risk: (key) => loadRisk(settings.COUNTY, key),
        }),
        checklistsOf: (places) => loadChecklists(settings.COUNTY, places),
        eventsOf: roundEvents,
        pause,
      }),
    ),
  ],
});
