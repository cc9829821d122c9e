/** Subscriptions, how they stand, what lies in a feed and who was told what, as the API answers it. No address and no secret has a member here. */
import * as z from 'zod';
import { ROLES } from '../../shared/domain/caller.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { DELIVERY_STATES } from '../../shared/domain/delivery.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { LANGUAGES } from '../../shared/domain/subscription.ts';
import { whySchema } from '../../shared/policy/why.ts';
import { instantOut, pageOf, version } from '../../shared/runtime/schemas.ts';

const scopeOut = z.union([
  z.strictObject({ of: z.literal('enterprise'), uscc: z.string() }),
  z.strictObject({ of: z.literal('workshop'), uscc: z.string(), workshop: z.string() }),
  z.strictObject({ of: z.literal('township'), township: z.string() }),
  z.strictObject({ of: z.literal('department'), department: z.string() }),
  z.strictObject({ of: z.literal('inspector'), person: z.string() }),
  z.strictObject({ of: z.literal('county') }),
]);

const rolesOut = z.array(z.enum(ROLES)).meta({ description: '哪些岗位在那里看' });

export const subscriptionOut = z.strictObject({
  id: z.string(),
  name: z.string(),
  channel: z.string(),
  channelName: z.string(),
  scope: scopeOut,
  roles: rolesOut,
  kinds: z.array(z.enum(REMINDER_KINDS)).optional().meta({ description: '要哪些提醒；没有此项为全部' }),
  quiet: z
    .strictObject({ from: z.string(), until: z.string(), isOfPolicy: z.boolean() })
    .meta({ description: '免打扰时段；isOfPolicy 为按政策' }),
  language: z.enum(LANGUAGES),
  mentions: z.strictObject({ users: z.array(z.string()), everybody: z.boolean() }),
  host: z.string().optional().meta({ description: '接收地址的主机名；地址和密钥不再显示，拉取渠道没有' }),
  state: z.enum(['active', 'disabled', 'ended']),
  disabled: z.strictObject({ because: z.string(), at: instantOut }).optional().meta({ description: '为什么停用' }),
  madeBy: z.string(),
  madeAt: instantOut,
  rotated: z
    .strictObject({ at: instantOut, until: instantOut })
    .optional()
    .meta({ description: '最近一次更换密钥；until 以前旧密钥继续有效' }),
  why: whySchema.meta({ description: '免打扰时段的规定' }),
  note: z.string().optional().meta({ description: '接入或修改时要留意的：哪些提醒按政策收不到' }),
  version: version.meta({ description: '版本；修改须带上所见的版本' }),
});

/** How it stands: what was told, what failed, how much may be sent at once. */
export const insightOut = z.strictObject({
  at: instantOut,
  says: z.string().meta({ description: '一句话的现状' }),
  lastTold: instantOut.optional(),
  lastMessage: z.int().meta({ description: '最近一条消息的编号；0 为还没有' }),
  readThrough: z.int().optional().meta({ description: '拉取渠道：对方已确认读到哪一条' }),
  waiting: z.int().meta({ description: '等待发送的提醒' }),
  isMoreWaiting: z.boolean().meta({ description: '等待的比 waiting 还多' }),
  told: z.int().meta({ description: '已送达的提醒' }),
  dropped: z.int().meta({ description: '发送前已办结或不再需要、没有发送的提醒' }),
  dead: z.int().meta({ description: '未能送达的提醒；可重新投递' }),
  receiver: z
    .strictObject({
      failures: z.int().meta({ description: '连续失败次数' }),
      failingSince: instantOut.optional(),
      lastFailure: z.strictObject({ at: instantOut, says: z.string() }).optional(),
      lastDelivered: instantOut.optional(),
      blockedUntil: instantOut.optional().meta({ description: '平台限流，此前不再发送' }),
      budget: z.array(
        z.strictObject({
          most: z.int().meta({ description: '每 seconds 秒最多' }),
          seconds: z.number(),
          used: z.int(),
          free: z.int(),
        }),
      ),
    })
    .optional()
    .meta({ description: '接收端；几个订阅共用一个的，是它们合计。拉取渠道没有' }),
});

export const subscriptionWithInsightOut = z.strictObject({ ...subscriptionOut.shape, insight: insightOut });

/** How an enterprise's channel stands, for those who have to do with the enterprise. */
export const subscriptionStateOut = z.strictObject({
  ...subscriptionOut.pick({ id: true, name: true, channelName: true, scope: true, state: true, disabled: true }).shape,
  insight: insightOut.pick({ at: true, says: true }),
});

/** Something is on its way: where to see what becomes of it. */
export const underwayOut = z.strictObject({
  says: z.string(),
  look: z.string().meta({ description: '在这里查看结果' }),
  reminders: z.int().optional().meta({ description: '涉及的提醒' }),
  messages: z.int().optional().meta({ description: '涉及的消息' }),
  isMore: z.boolean().optional().meta({ description: '一次办不完，请再提交一次' }),
  after: z.int().optional().meta({ description: '已重发到的消息编号；还有其余时，再提交时填在 after' }),
});

export const triedOut = z.strictObject({ ...subscriptionOut.shape, look: z.string().meta({ description: '测试消息的结果' }) });

export const feedOut = z.strictObject({
  messages: z
    .array(
      z.strictObject({
        number: z.int(),
        id: z.string().meta({ description: '消息编号，与 Webhook 的 webhook-id 相同' }),
        body: z.record(z.string(), z.json()).meta({ description: '与 Webhook 的请求体相同' }),
      }),
    )
    .meta({ description: '按编号从小到大，没有空缺' }),
  after: z.int().meta({ description: '下次查询的 after' }),
  isMore: z.boolean().meta({ description: '还有更多，可立即再取' }),
  pollAfterSeconds: z.int().meta({ description: '请过这么多秒再来取' }),
});

/** What was told, in words, as it stands in time now. */
export const messageOut = z.strictObject({
  subscription: z.string(),
  subscriptionName: z.string(),
  number: z.int(),
  madeAt: instantOut,
  says: z.string().meta({ description: '何时送达，或为什么没有' }),
  items: z
    .array(
      z.strictObject({
        kind: z.enum(REMINDER_KINDS),
        kindName: z.string(),
        isUrgent: z.boolean(),
        grade: z.enum(COLOURS),
        headline: z.string(),
        detail: z.string().optional(),
        where: z.string().optional().meta({ description: '地点' }),
        until: z.string().optional().meta({ description: '期限，及还剩多少时间' }),
        why: z.string().optional().meta({ description: '依据' }),
        link: z.string().meta({ description: '在哪里办理：接在应用地址之后的路径，如 /hazards/编号' }),
        reminders: z.int().meta({ description: '合并了几条提醒' }),
      }),
    )
    .meta({ description: '最急的在前；超过留存期限、已清除的不再列出' }),
});

export const readThroughOut = z.strictObject({ readThrough: z.int(), lastMessage: z.int() });

export const deliveryOut = z.strictObject({
  subscription: z.string(),
  subscriptionName: z.string().meta({ description: '名称、渠道、范围和岗位，均为产生这条投递时的' }),
  channel: z.string(),
  channelName: z.string(),
  scope: scopeOut,
  roles: rolesOut,
  reminder: z.string(),
  kind: z.enum(REMINDER_KINDS),
  kindName: z.string(),
  isUrgent: z.boolean(),
  about: z.string().meta({ description: '关于什么，如 HAZ#编号' }),
  cameAbout: instantOut.meta({ description: '提醒产生的时间' }),
  due: instantOut.meta({ description: '从何时起可以发送' }),
  state: z.enum(DELIVERY_STATES).meta({ description: 'waiting 等待；told 已送达；dropped 不再需要；dead 未能送达' }),
  endedAt: instantOut.optional(),
  message: z.int().optional().meta({ description: '在哪一条消息中' }),
  says: z.string().meta({ description: '一句话的结果：何时送达，或为什么没有' }),
  why: whySchema.optional(),
});

export const deliveriesOut = z.strictObject({
  ...pageOf(deliveryOut).shape,
  says: z.string().optional().meta({ description: '没有投递时：这意味着什么，到哪里查看' }),
});
