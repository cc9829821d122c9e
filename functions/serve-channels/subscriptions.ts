/** Connecting channels: making, changing and ending subscriptions, their addresses and secrets. */
import { commandRecord, nameOfCommand, occasionOf } from '../../shared/data/asked.ts';
import { cursorOf, startOf } from '../../shared/data/cursor.ts';
import { type Listed, pageFrom } from '../../shared/data/standings.ts';
import type { StoredSubscription } from '../../shared/data/subscription-store.ts';
import { grantOf, type Operation } from '../../shared/domain/access.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type ReceiverId, type SubscriptionId, subscriptionId } from '../../shared/domain/ids.ts';
import { isSame } from '../../shared/domain/same.ts';
import {
  receiverOf,
  type Subscription,
  type SubscriptionFact,
  scopeKey,
  subscriptionSubject,
} from '../../shared/domain/subscription.ts';
import * as decide from '../../shared/domain/subscription-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import { pasted, pastedSecret } from './address.ts';
import type {
  changeSubscription,
  endSubscription,
  listSubscriptions,
  makeSubscription,
  readSubscription,
  readSubscriptionState,
  replaceAddress,
  rotateSecret,
} from './api.ts';
import { insightOf } from './insight.ts';
import { channelOfKind, factsOf, found, foundBeside, isSeen, type Keeping, rulesOf } from './keeping.ts';
import { noteOn, refuseUnknown } from './reach.ts';
import { type SubscriptionView, subscriptionView } from './views.ts';

/** A scope that has more has been connected by mistake, or by a program that does not end. */
const MOST_OF_SCOPE = 50;
const PER_REQUEST = 200;

/** The same command makes the same subscription. */
const idOf = (asked: Pick<Request<Route>, 'caller' | 'commandId'>): SubscriptionId => subscriptionId(nameOfCommand(asked));

type Entered = Omit<Request<typeof changeSubscription>['body'], 'version'>;

/** What was entered, without members that were left out. */
const entered = ({ name, scope, language, mentions, roles, kinds, quiet }: Entered): decide.EnteredContent => ({
  ...{ name, scope, language, mentions },
  ...(roles !== undefined && { roles }),
  ...(kinds !== undefined && { kinds }),
  ...(quiet !== undefined && { quiet }),
});

export function serveSubscriptions(deps: Keeping) {
  const { county, subscriptions, receivers, allowsLoopback } = deps;

  const save = async (
    request: Request<Route>,
    before: StoredSubscription | undefined,
    facts: readonly SubscriptionFact[],
    { address, note }: { readonly address?: string | undefined; readonly note?: string | undefined } = {},
  ): Promise<SubscriptionView> => {
    const occasion = occasionOf(request);
    const after = decide.subscriptionAfter(before?.subscription, facts, occasion);
    const ifVersion = before?.version ?? 0;
    const answer = {
      ...subscriptionView({ subscription: after, version: ifVersion + facts.length }, policyFor(county, request.at)),
      ...(note !== undefined && { note }),
    };
    const command = commandRecord(request, answer);
    await subscriptions.save({ after, facts, ifVersion, occasion, command, ...(address !== undefined && { address }) });
    return answer;
  };

  /** A subscription as it stands at the version that the caller saw. */
  const standing = async (
    { caller }: Request<Route>,
    id: SubscriptionId,
    version: number,
    operation: Operation = 'KeepSubscription',
  ): Promise<StoredSubscription> => {
    const stored = await found(deps, caller, operation, id);
    refuseStale(stored.version, version);
    return stored;
  };

  /** Whoever of the same scope has this address too, is told everything twice. */
  const refuseTwin = (
    { scope, roles }: Pick<Subscription, 'scope' | 'roles'>,
    receiver: ReceiverId | undefined,
    others: readonly StoredSubscription[],
    own?: SubscriptionId,
  ): void => {
    const isTheSame = ({ subscription }: StoredSubscription): boolean =>
      receiver !== undefined &&
      subscription.id !== own &&
      subscription.receiver === receiver &&
      isSame(subscription.scope, scope) &&
      isSame(subscription.roles, roles);
    const twin = others.find(isTheSame);
    if (twin !== undefined) {
      throw new Problem(
        409,
        'already-connected',
        '这个地址已为同一范围、同样的岗位接入，再接入会收到重复的消息；请修改原来的订阅。',
        {
          subscription: twin.subscription.id,
        },
      );
    }
  };

  /** Follows the writes within about a second: two that are made at once may both come in. */
  const refuseSuperfluous = async (content: decide.EnteredContent, place: decide.Place | undefined): Promise<void> => {
    const others = await subscriptions.ofScopes([scopeKey(content.scope)]);
    if (others.length >= MOST_OF_SCOPE) {
      throw new Problem(409, 'too-many-subscriptions', `这一范围已有 ${others.length} 个订阅，请先结束不用的。`);
    }
    refuseTwin(content, place?.receiver, others);
  };

  const refuseTwinOf = async (
    id: SubscriptionId,
    content: Pick<Subscription, 'scope' | 'roles'>,
    receiver: ReceiverId | undefined,
  ): Promise<void> => refuseTwin(content, receiver, await subscriptions.ofScopes([scopeKey(content.scope)]), id);

  /** All that may be the caller's, from behind a cursor on. His own are found by his scopes; those that have ended only in the county's list. */
  async function* listed(
    caller: Caller,
    isOfEnded: boolean,
    cursor: string | undefined,
  ): AsyncGenerator<Listed<StoredSubscription>> {
    const at = ({ subscription }: StoredSubscription): Listed<StoredSubscription>['cursor'] =>
      cursorOf({ pk: county, sk: subscriptionSubject(subscription.id) }).cursor ?? '';
    const isNarrow = grantOf(caller, 'ReadSubscription') !== 'county';
    if (isNarrow && !isOfEnded) {
      const after = startOf(cursor).exclusiveStartKey?.sk ?? '';
      const his = await subscriptions.ofScopes([...(caller.owner ? [caller.owner] : []), `PERSON:${caller.id}`]);
      const sorted = his.toSorted((a, b) => (a.subscription.id < b.subscription.id ? -1 : 1));
      for (const item of sorted) if (subscriptionSubject(item.subscription.id) > after) yield { item, cursor: at(item) };
      return;
    }
    let next = cursor;
    do {
      const page = await subscriptions.page(PER_REQUEST, next);
      for (const item of page.items) yield { item, cursor: at(item) };
      next = page.cursor;
    } while (next !== undefined);
  }

  return {
    async makeSubscription(request: Request<typeof makeSubscription>) {
      const { channel: kind, address, secret, ...rest } = request.body;
      const content = entered(rest);
      if (!isSeen(request.caller, 'KeepSubscription', content.scope)) {
        throw new Problem(404, 'not-found', '没有找到这个单位，或者不归您管：只能为归您管的单位接入；为个人的只由本人接入。');
      }
      const channel = channelOfKind(kind);
      const put = pasted(channel, { address, secret }, allowsLoopback);
      const id = idOf(request);
      const policy = policyFor(county, request.at);
      const facts = factsOf(decide.makeSubscription(id, kind, content, put?.place, rulesOf(policy)));
      await refuseUnknown(deps, content.scope);
      const note = noteOn(content, policy);
      await refuseSuperfluous(content, put?.place);
      return save(request, undefined, facts, { address: put && (await deps.seal(put.address, id)), note });
    },

    async listSubscriptions({ query: { state, limit, cursor }, caller, at }: Request<typeof listSubscriptions>) {
      const isWanted = ({ subscription }: StoredSubscription): boolean =>
        isSeen(caller, 'ReadSubscription', subscription.scope) &&
        (state === undefined ? subscription.state !== 'ended' : subscription.state === state);
      const { items, ...next } = await pageFrom(listed(caller, state === 'ended', cursor), limit, isWanted);
      const policy = policyFor(county, at);
      return { items: items.map((stored) => subscriptionView(stored, policy)), ...next };
    },

    async readSubscription({ params, caller, at }: Request<typeof readSubscription>) {
      const stored = await found(deps, caller, 'ReadSubscription', params.id);
      return {
        ...subscriptionView(stored, policyFor(county, at)),
        insight: await insightOf(deps, stored.subscription, at),
      };
    },

    async readSubscriptionState({ params, caller, at }: Request<typeof readSubscriptionState>) {
      const stored = await foundBeside(deps, caller, 'ReadSubscriptionState', params.id);
      const { id, name, channelName, scope, state, disabled } = subscriptionView(stored, policyFor(county, at));
      const { says } = await insightOf(deps, stored.subscription, at);
      return { ...{ id, name, channelName, scope, state }, ...(disabled && { disabled }), insight: { at, says } };
    },

    async changeSubscription(request: Request<typeof changeSubscription>) {
      const { version, ...rest } = request.body;
      const { id } = request.params;
      const before = await standing(request, id, version);
      const content = entered(rest);
      const policy = policyFor(county, request.at);
      const facts = factsOf(decide.changeSubscription(before.subscription, content, rulesOf(policy)));
      await refuseUnknown(deps, content.scope);
      const note = noteOn(content, policy);
      await refuseTwinOf(id, content, before.subscription.receiver);
      return save(request, before, facts, { note });
    },

    async replaceAddress(request: Request<typeof replaceAddress>) {
      const { version, address, secret } = request.body;
      const { id } = request.params;
      const before = await standing(request, id, version);
      const put = pasted(channelOfKind(before.subscription.channel), { address, secret }, allowsLoopback);
      if (put === undefined) throw new Error('a channel without an address took one');
      const ruling = decide.replaceAddress(before.subscription, put.place, rulesOf(policyFor(county, request.at)));
      const facts = factsOf(ruling);
      await refuseTwinOf(id, before.subscription, put.place.receiver);
      const answer = await save(request, before, facts, { address: await deps.seal(put.address, id) });
      // What waits is moved from where it would have gone.
      await deps.wake(receiverOf(before.subscription), request.at);
      return answer;
    },

    async rotateSecret(request: Request<typeof rotateSecret>) {
      const { version, secret } = request.body;
      const { id } = request.params;
      const before = await standing(request, id, version);
      const policy = policyFor(county, request.at);
      const { overlap } = policy.reminders.secrets;
      const facts = factsOf(decide.rotateSecret(before.subscription, rulesOf(policy), overlap, request.at));
      const read = pastedSecret(channelOfKind(before.subscription.channel), secret);
      return save(request, before, facts, { address: await withSecret(before.subscription, read, facts, request) });
    },

    async endSubscription(request: Request<typeof endSubscription>) {
      const { id } = request.params;
      const before = await standing(request, id, request.body.version, 'EndSubscription');
      return save(request, before, factsOf(decide.endSubscription(before.subscription)));
    },
  };

  /** The stored text with a new secret before those that stand, which sign until the fact says. */
  async function withSecret(
    { id }: Subscription,
    secret: string,
    facts: readonly SubscriptionFact[],
    { at }: Pick<Request<Route>, 'at'>,
  ): Promise<string> {
    const stored = await receivers.sealedAddress(id);
    if (stored === undefined) throw new Error(`${id} has no address`);
    const until = facts.flatMap((fact) => (fact.type === 'SecretRotated' ? [fact.data.until] : []))[0] ?? at;
    const sealed = await deps.sealAnother(stored, { secret, at, until }, id);
    if (sealed === undefined) {
      throw new Problem(
        409,
        'rotated-too-often',
        '短时间内更换密钥的次数太多，旧密钥还在同时使用；请过一段时间再换，或更换地址。',
      );
    }
    return sealed;
  }
}
