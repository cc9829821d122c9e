import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { serve } from '../../shared/runtime/route.ts';
import { readMilestones, readPolicy, readRule } from './api.ts';
import { environment } from './environment.ts';
import { servePolicy } from './serve-policy.ts';

const settings = environment.parse(process.env);
const policy = servePolicy((at) => policyFor(settings.COUNTY, at));

export const handler = apiHandler({
  service: 'serve-policy',
  environment: settings,
  /** Nothing is written here, so no command was carried out before. */
  answerOf: async () => undefined,
  routes: [serve(readPolicy, policy.readPolicy), serve(readRule, policy.readRule), serve(readMilestones, policy.readMilestones)],
});
