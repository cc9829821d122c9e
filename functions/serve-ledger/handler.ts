/** The ledger as those read it who answer for the whole county: an event says whose it is, so there is no narrower view of a day. */
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { serve } from '../../shared/runtime/route.ts';
import { readDay, readSubject } from './api.ts';
import { environment } from './environment.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-ledger',
  environment: settings,
  answerOf: commandAnswer,
  routes: [
    serve(readDay, async ({ params, query: { colour, limit, cursor } }) => {
      const { events, ...rest } = await dynamoLedgerStore.ofDay(settings.COUNTY, colour, params.day as Day, limit, cursor);
      return { items: [...events], ...rest };
    }),
    serve(readSubject, async ({ query: { subject, limit, cursor } }) => {
      const { events, ...rest } = await dynamoLedgerStore.ofSubject(subject, limit, cursor);
      return { items: events.filter(({ county }) => county === settings.COUNTY), ...rest };
    }),
  ],
});
