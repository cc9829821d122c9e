/** What a rule answers: facts to record, or the reason why there are none. */
export type Decision<Event, Reason extends string> =
  | { readonly kind: 'decided'; readonly events: readonly Event[] }
  | { readonly kind: 'denied'; readonly reason: Reason };

export const decided = <Event>(...events: readonly Event[]): Decision<Event, never> => ({ kind: 'decided', events });
export const denied = <Reason extends string>(reason: Reason): Decision<never, Reason> => ({ kind: 'denied', reason });
