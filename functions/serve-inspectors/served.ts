/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { serveCapacity } from './capacity.ts';
import { serveCoverage } from './coverage.ts';
import { serveDirectory } from './inspectors.ts';
import type { Keeping } from './keeping.ts';
import { serveLists } from './lists.ts';

export function served(deps: Keeping): Served[] {
  const directory = serveDirectory(deps);
  const lists = serveLists(deps);
  const capacity = serveCapacity(deps);
  const coverage = serveCoverage(deps);
  return [
    serve(api.registerInspector, directory.registerInspector),
    serve(api.listInspectors, directory.listInspectors),
    serve(api.readInspector, directory.readInspector),
    serve(api.changeInspector, directory.changeInspector),
    serve(api.retireInspector, directory.retireInspector),
    serve(api.declareAbsences, directory.declareAbsences),
    serve(api.declareInterest, directory.declareInterest),
    serve(api.liftInterest, directory.liftInterest),
    serve(api.readItems, lists.readItems),
    serve(api.keepItems, lists.keepItems),
    serve(api.readPlan, lists.readPlan),
    serve(api.planInspection, lists.planInspection),
    serve(api.readCapacity, capacity.readCapacity),
    serve(api.readCoverage, coverage.readCoverage),
    serve(api.listNotVisited, coverage.listNotVisited),
  ];
}
