/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { serveDeliveries } from './deliveries.ts';
import type { Keeping } from './keeping.ts';
import { serveMessages } from './messages.ts';
import { serveSubscriptions } from './subscriptions.ts';
import { readMessageWhole } from './told-message.ts';

export function served(deps: Keeping): Served[] {
  const subscriptions = serveSubscriptions(deps);
  const messages = serveMessages(deps);
  const deliveries = serveDeliveries(deps);
  return [
    serve(api.makeSubscription, subscriptions.makeSubscription),
    serve(api.listSubscriptions, subscriptions.listSubscriptions),
    serve(api.readSubscription, subscriptions.readSubscription),
    serve(api.readSubscriptionState, subscriptions.readSubscriptionState),
    serve(api.changeSubscription, subscriptions.changeSubscription),
    serve(api.replaceAddress, subscriptions.replaceAddress),
    serve(api.rotateSecret, subscriptions.rotateSecret),
    serve(api.enableSubscription, messages.enableSubscription),
    serve(api.endSubscription, subscriptions.endSubscription),
    serve(api.testSubscription, messages.testSubscription),
    serve(api.replayMessages, messages.replayMessages),
    serve(api.redriveDeliveries, messages.redriveDeliveries),
    serve(api.readFeed, messages.readFeed),
    serve(api.readMessage, readMessageWhole(deps)),
    serve(api.confirmRead, messages.confirmRead),
    serve(api.listDeliveries, deliveries.listDeliveries),
  ];
}
