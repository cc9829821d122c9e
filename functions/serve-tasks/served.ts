/** Each route with its work. */
import { evidenceKeyOf } from '../../shared/data/evidence-uploads.ts';
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { assignByHand, confirmedByAnother } from './assign.ts';
import { refuseUnregistered } from './follow-up.ts';
import { listInspectionsOf, readInspectionWhole } from './inspections.ts';
import { readOutline } from './outline.ts';
import { refusePersonalData, textsOfFollowUp, textsOfJudgement } from './personal.ts';
import { handIn } from './report.ts';
import { carryOut, type ServeTasks, taskToActOn } from './serve-tasks.ts';
import { listRisksOf, listTasksOf, readTaskWhole } from './tasks.ts';

export const servedTasks = (deps: ServeTasks): Served[] => [
  serve(api.listTasks, listTasksOf(deps)),
  serve(api.readTask, readTaskWhole(deps)),
  serve(api.readTaskOutline, readOutline(deps)),
  serve(api.listTaskRisks, listRisksOf(deps)),
  serve(api.assignTask, assignByHand(deps)),

  serve(api.uploadTaskEvidence, async (request) => {
    const { params, body: file, at } = request;
    const { task } = await taskToActOn(deps, request, 'ReportInspection', params.id);
    const policy = deps.policyAt(at);
    return deps.uploads.upload(evidenceKeyOf(task.object, file, policy), file, policy, at);
  }),

  serve(api.reportInspection, handIn(deps)),

  serve(api.confirmInspection, async (request) => {
    const stored = await taskToActOn(deps, request, 'ConfirmInspection', request.params.id, request.body.version);
    return carryOut(deps, stored, { type: 'ConfirmInspection' }, request);
  }),

  serve(api.returnInspection, async (request) => {
    const { version, reason } = request.body;
    const stored = await taskToActOn(deps, request, 'ReturnInspection', request.params.id, version);
    await refusePersonalData(deps, stored.task, textsOfJudgement({ reason }), deps.policyAt(request.at));
    return carryOut(deps, stored, { type: 'ReturnInspection', reason }, request);
  }),

  serve(api.nameConfirmer, confirmedByAnother(deps)),

  serve(api.followUp, async (request) => {
    const { version, text, document, register } = request.body;
    const stored = await taskToActOn(deps, request, 'FollowUp', request.params.id, version);
    await refuseUnregistered(deps, stored.task, request.at);
    const followUp = { text, ...(document !== undefined && { document }), ...(register !== undefined && { register }) };
    await refusePersonalData(deps, stored.task, textsOfFollowUp(followUp), deps.policyAt(request.at));
    return carryOut(deps, stored, { type: 'FollowUp', followUp }, request);
  }),

  serve(api.listInspections, listInspectionsOf(deps)),
  serve(api.readInspection, readInspectionWhole(deps)),
];
