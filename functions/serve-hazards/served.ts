/** Each route with its work. */
import { PERSON_COMMANDS, type PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { type Request, type Served, serve } from '../../shared/runtime/route.ts';
import { commandRoutes, listHazards, readHazard, readHazardEvents, reportHazard } from './api.ts';
import { type BodyOf, commandOf } from './commands.ts';
import { listHazards as list } from './list-hazards.ts';
import { reportHazard as report } from './report-hazard.ts';
import { carryOut, readCase, readEvents, type ServeHazards } from './serve-hazards.ts';

type CommandRequest = Request<(typeof commandRoutes)[PersonCommandType]> & { readonly body: BodyOf<PersonCommandType> };

export const servedHazards = (deps: ServeHazards): Served[] => [
  serve(reportHazard, report(deps)),
  serve(listHazards, list(deps)),
  serve(readHazard, readCase(deps)),
  serve(readHazardEvents, readEvents(deps)),
  ...PERSON_COMMANDS.map((type) =>
    serve(commandRoutes[type], (request: CommandRequest) =>
      carryOut(deps, request.params.id, commandOf(type, request.body), request.body.version, request),
    ),
  ),
];
