/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { type AuditsDependencies, serveAudits } from './audits.ts';
import { type ExportsDependencies, serveExports } from './exports.ts';
import { type RemovalDependencies, removeData } from './removals.ts';
import { askForExport, type RequestDependencies } from './requests.ts';
import { handOutSalts, type SaltsDependencies } from './salts.ts';

export type ServedDependencies = ExportsDependencies &
  RequestDependencies &
  SaltsDependencies &
  AuditsDependencies &
  RemovalDependencies;

export function served(deps: ServedDependencies): Served[] {
  const exports = serveExports(deps);
  const audits = serveAudits(deps);
  return [
    serve(api.requestExport, askForExport(deps)),
    serve(api.listExports, exports.listExports),
    serve(api.readExport, exports.readExport),
    serve(api.listFiles, exports.listFiles),
    serve(api.handOutLinks, exports.handOutLinks),
    serve(api.readSalts, handOutSalts(deps)),
    serve(api.listReads, exports.listReads),
    serve(api.openAudit, audits.openAudit),
    serve(api.listAudits, audits.listAudits),
    serve(api.endAudit, audits.endAudit),
    serve(api.removePersonalData, removeData(deps)),
  ];
}
