/** What the beginning of a period tells, whoever tells it: for each owner what it asks of him under a colour, with all his places. */
import { type Cadence, type Instant, periodAt, periodName, windowOf } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import type { CountyCode } from '../domain/ids.ts';
import type { OpenPlace, PeriodOpened } from '../domain/notice.ts';
import type { Owner } from '../domain/owner.ts';
import type { Why } from '../domain/why.ts';
import type { DutyStore } from './duty-store.ts';

interface Opening {
  readonly county: CountyCode;
  readonly colour: Colour;
  readonly cadence: Cadence;
  /** In the period; what is checked by then is not told. */
  readonly at: Instant;
  readonly why: Why;
}

/** The pages of an owner come one after another, so each notice is made as soon as his last one is read. The same again has the same id. */
export async function* openingsOf(
  duties: Pick<DutyStore, 'eachOpen'>,
  { county, colour, cadence, at, why }: Opening,
): AsyncGenerator<PeriodOpened> {
  const period = periodAt(cadence, at);
  const { from, until } = windowOf(cadence, period);
  const noticeOf = (owner: Owner, places: readonly OpenPlace[]): PeriodOpened => ({
    id: `OPEN#${county}#${colour}#${period}#${owner}`,
    type: 'PeriodOpened',
    ...{ at, county, colour, owner, cadence, period: periodName(cadence, period), from, until },
    due: places.reduce((sum, { points }) => sum + points.length, 0),
    places,
    why,
  });
  let now: { readonly owner: Owner; readonly places: OpenPlace[] } | undefined;
  for await (const { owner, ...place } of duties.eachOpen(colour, cadence, period)) {
    if (owner === now?.owner) {
      now.places.push(place);
      continue;
    }
    if (now !== undefined) yield noticeOf(now.owner, now.places);
    now = { owner, places: [place] };
  }
  if (now !== undefined) yield noticeOf(now.owner, now.places);
}
