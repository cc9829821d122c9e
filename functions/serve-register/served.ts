/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { serveEnterprises } from './enterprises.ts';
import { serveLists } from './lists.ts';
import type { Registering } from './registering.ts';
import { serveRisks } from './risks.ts';
import { serveSuspensions } from './suspensions.ts';

export function served(deps: Registering): Served[] {
  const enterprises = serveEnterprises(deps);
  const risks = serveRisks(deps);
  const lists = serveLists(deps);
  const suspensions = serveSuspensions(deps);
  return [
    serve(api.registerEnterprise, enterprises.registerEnterprise),
    serve(api.listEnterprises, enterprises.listEnterprises),
    serve(api.readEnterprise, enterprises.readEnterprise),
    serve(api.changeEnterprise, enterprises.changeEnterprise),
    serve(api.adjustOverallGrade, enterprises.adjustOverallGrade),
    serve(api.returnToRule, enterprises.returnToRule),
    serve(api.addRisk, risks.addRisk),
    serve(api.listRisks, risks.listRisks),
    serve(api.readRisk, risks.readRisk),
    serve(api.changeRisk, risks.changeRisk),
    serve(api.regradeRisk, risks.regradeRisk),
    serve(api.retireRisk, risks.retireRisk),
    serve(api.readGradings, risks.readGradings),
    serve(api.readRiskList, lists.readRiskList),
    serve(api.signRiskList, lists.signRiskList),
    serve(api.approveSuspension, suspensions.approveSuspension),
    serve(api.listSuspensions, suspensions.listSuspensions),
    serve(api.liftSuspension, suspensions.liftSuspension),
    serve(api.addArea, risks.addArea),
    serve(api.listAreas, risks.listAreas),
    serve(api.readArea, risks.readArea),
    serve(api.changeArea, risks.changeArea),
    serve(api.regradeArea, risks.regradeArea),
    serve(api.retireArea, risks.retireArea),
    serve(api.readAreaGradings, risks.readAreaGradings),
    serve(api.readAreaList, lists.readAreaList),
    serve(api.signAreaList, lists.signAreaList),
  ];
}
