/** Who is called by name in a group: ids as the platforms give them, never a telephone number. */
import type { Subscription } from '../domain/subscription.ts';

/** As every platform's ids are made: nothing that could be markup, no mobile telephone, and not everybody. */
export const MENTION = /^(?!1[3-9]\d{9}$|all$)[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
/** More would leave no room for what is to be said. */
export const MOST_MENTIONS = 20;

/** Those who can be called: an id that a platform cannot have given is left out. */
export const mentioned = ({ users }: Subscription['mentions']): readonly string[] =>
  [...new Set(users)].filter((user) => MENTION.test(user)).slice(0, MOST_MENTIONS);
