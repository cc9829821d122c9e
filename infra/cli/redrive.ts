/** `npm run redrive -- 533102 [subscription]`: what was told to nobody waits again, of one subscription or of all; what comes of it is printed. */
import { subscriptionId } from '../../shared/domain/ids.ts';
import { now } from '../../shared/runtime/clock.ts';
import { callFunction } from './call-function.ts';
import { deploymentOf, fail } from './deployment-of.ts';

const [id, subscription] = process.argv.slice(2);
const deployment = deploymentOf('npm run redrive', id);
if (subscription !== undefined && !subscriptionId.is(subscription)) {
  fail(
    `${subscription} names no subscription: GET /v1/subscriptions lists them. Without one, all of ${deployment.id} are meant.`,
  );
}

await callFunction(deployment, {
  stack: 'Messaging',
  output: 'ComposeMessagesFunction',
  payload: { redrive: subscription ?? 'all', at: now() },
  patienceMs: 2 * 60_000,
});
