/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { serveGrid } from './grid.ts';
import { serveKeyUnits } from './key-units.ts';
import type { Supervising } from './supervising.ts';

export function servedSupervision(deps: Supervising): Served[] {
  const keyUnits = serveKeyUnits(deps);
  const grid = serveGrid(deps);
  return [
    serve(api.listKeyUnits, keyUnits.list),
    serve(api.readKeyLevel, keyUnits.level),
    serve(api.designateKeyUnit, keyUnits.designate),
    serve(api.endDesignation, keyUnits.end),
    serve(api.readTownshipGrid, grid.readTownship),
    serve(api.setGridCell, grid.setCell),
    serve(api.readDepartmentGrid, grid.readDepartment),
    serve(api.setGridLine, grid.setLine),
    serve(api.listGrid, grid.list),
    serve(api.listGridGaps, grid.gaps),
    serve(api.assignGrid, grid.assign),
  ];
}
