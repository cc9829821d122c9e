/** Why a command on a subscription is refused. `state`: not as it stands; `content`: not with what was handed in. */
interface Denial {
  readonly about: 'state' | 'content';
  readonly says: string;
}

export const SUBSCRIPTION_DENIALS = {
  'unknown-channel': { about: 'content', says: '没有这种渠道，请从接入页面所列的渠道中选择。' },
  'unknown-kind': { about: 'content', says: '没有这种提醒，请从提醒种类中选择。' },
  'unknown-township': { about: 'content', says: '本县（市）没有这个乡镇代码，请从本县（市）的乡镇中选择。' },
  'unknown-department': { about: 'content', says: '政策中没有这个部门代码，请从政策所列部门中选择。' },
  'role-not-of-scope': {
    about: 'content',
    says: '所填岗位不属于这一范围，例如企业的订阅只能填企业的岗位；请改岗位，或改为谁接入。',
  },
  'scope-of-another': {
    about: 'state',
    says: '这个订阅已经发给原来的单位，不能改给别的单位；请结束它，再为另一单位重新接入。',
  },
  'quiet-malformed': { about: 'content', says: '免打扰时段应写为起止时间，例：22:00 至 07:00。' },
  'mention-is-telephone': {
    about: 'content',
    says: '要 @ 的人请填平台的用户编号（userid、open_id），不能填手机号，手机号是个人信息。',
  },
  'address-missing': { about: 'content', says: '请填写接收地址：把平台显示的地址整个粘贴。' },
  'address-of-feed': { about: 'content', says: '拉取渠道由对方来取，没有接收地址，请不要填写地址。' },
  'feed-has-no-secret': { about: 'state', says: '拉取渠道不签名，没有密钥可换；对方按登录身份来取。' },
  'channel-has-no-secret': { about: 'state', says: '这种渠道没有签名密钥；地址已泄露的，请在平台上重置机器人，再更换地址。' },
  'subscription-ended': { about: 'state', says: '这个订阅已经结束，不能再修改；仍需提醒的，请重新接入。' },
  'subscription-disabled': { about: 'state', says: '这个渠道已停用，请先更换地址或处理停用原因，再重新启用。' },
  'not-disabled': { about: 'state', says: '这个渠道没有停用，无需启用。' },
  'feed-is-read-again': {
    about: 'state',
    says: '由对方来取的渠道不用重发：请对方用较小的 after 从较早的消息重新读取。',
  },
  'no-ids': { about: 'state', says: '这种渠道不按编号识别消息，再发一次就是重复提醒，因此不能重发。' },
} as const satisfies Record<string, Denial>;

export type SubscriptionDenial = keyof typeof SUBSCRIPTION_DENIALS;

/** A refusal with its sentence and the field that it is about. */
export interface SubscriptionDenied {
  readonly kind: 'denied';
  readonly reason: SubscriptionDenial;
  readonly says: string;
  readonly field?: string;
}

/** What a rule of subscriptions answers: facts to record (none where nothing changes), or a refusal. */
export type SubscriptionRuling<Fact> = { readonly kind: 'decided'; readonly events: readonly Fact[] } | SubscriptionDenied;

export const notSubscribed = (reason: SubscriptionDenial, field?: string): SubscriptionDenied => ({
  kind: 'denied',
  reason,
  says: SUBSCRIPTION_DENIALS[reason].says,
  ...(field !== undefined && { field }),
});
