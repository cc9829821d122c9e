import * as z from 'zod';
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import { MENTION, MOST_MENTIONS } from '../../shared/channels/mention.ts';
import { ROLES } from '../../shared/domain/caller.ts';
import { department, personId, subscriptionId, townshipCode } from '../../shared/domain/ids.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { LANGUAGES } from '../../shared/domain/subscription.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { creditCode, instantText, line, named, page, pageOf, version } from '../../shared/runtime/schemas.ts';
import {
  deliveriesOut,
  feedOut,
  messageOut,
  readThroughOut,
  subscriptionOut,
  subscriptionStateOut,
  subscriptionWithInsightOut,
  triedOut,
  underwayOut,
} from './channels-out.ts';

const LONGEST_ADDRESS = 2000;
const LONGEST_SECRET = 200;

const seen = version.meta({ description: '所见的版本；已有变化的请刷新' });
const ofSubscription = z.strictObject({ id: named(subscriptionId) });

const scope = z
  .discriminatedUnion('of', [
    z.strictObject({ of: z.literal('enterprise'), uscc: creditCode }),
    z.strictObject({ of: z.literal('workshop'), uscc: creditCode, workshop: line(50) }),
    z.strictObject({ of: z.literal('township'), township: named(townshipCode) }),
    z.strictObject({ of: z.literal('department'), department: named(department) }),
    z.strictObject({ of: z.literal('inspector'), person: named(personId) }),
    z.strictObject({ of: z.literal('county') }),
  ])
  .meta({ description: '为谁：企业、车间、乡镇、部门、一名检查人员，或县（市）' });

const minute = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: '应为时间，例：22:00' });

const address = z.string().trim().min(1).max(LONGEST_ADDRESS).meta({ description: '把平台显示的地址整个粘贴；保存后不再显示' });
const secret = z.string().trim().min(1).max(LONGEST_SECRET).meta({ description: '签名密钥；保存后不再显示' });

const content = {
  name: line(50).meta({ description: '大家怎么称呼它，例：一车间班组群' }),
  scope,
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).optional().meta({ description: '哪些岗位在那里看；不填为全部' }),
  kinds: z
    .array(z.enum(REMINDER_KINDS))
    .min(1)
    .max(REMINDER_KINDS.length)
    .optional()
    .meta({ description: '要哪些提醒；不填为与之有关的全部，以后新增的种类也包括在内' }),
  quiet: z
    .strictObject({ from: minute, until: minute })
    .optional()
    .meta({ description: '免打扰时段，可跨零点；不填则按政策。紧急提醒不受限制' }),
  language: z.enum(LANGUAGES).default('zh-CN'),
  mentions: z
    .strictObject({
      users: z
        .array(
          z.string().trim().regex(MENTION, { error: '应为平台的用户编号（userid、open_id）；不能填手机号或姓名，那是个人信息' }),
        )
        .max(MOST_MENTIONS)
        .default([])
        .meta({ description: '要 @ 的人：平台的用户编号（userid、open_id），不是手机号' }),
      everybody: z.boolean().default(false).meta({ description: '是否 @ 所有人' }),
    })
    .default({ users: [], everybody: false }),
};

export const makeSubscription = defineRoute({
  operation: 'KeepSubscription',
  method: 'POST',
  path: '/v1/subscriptions',
  summary: '接入一个提醒渠道：群机器人、应用的地址，或由对方来取；为个人的只由本人接入',
  body: z.strictObject({
    ...content,
    channel: z
      .enum(CHANNEL_KINDS)
      .meta({ description: CHANNEL_KINDS.map((kind) => `${kind} ${channelOf(kind)?.name}`).join('；') }),
    address: address.optional(),
    secret: secret.optional(),
  }),
  output: subscriptionOut,
  status: 201,
});

export const listSubscriptions = defineRoute({
  operation: 'ReadSubscription',
  method: 'GET',
  path: '/v1/subscriptions',
  summary: '提醒渠道清单：您可以看到的全部',
  query: z.strictObject({ state: z.enum(['active', 'disabled', 'ended']).optional(), ...page }),
  output: pageOf(subscriptionOut),
});

export const readSubscription = defineRoute({
  operation: 'ReadSubscription',
  method: 'GET',
  path: '/v1/subscriptions/{id}',
  summary: '一个提醒渠道及其现状：最近送达、失败、限额、等待发送的',
  params: ofSubscription,
  output: subscriptionWithInsightOut,
});

export const readSubscriptionState = defineRoute({
  operation: 'ReadSubscriptionState',
  method: 'GET',
  path: '/v1/subscriptions/{id}/state',
  summary: '企业的一个提醒渠道是否正常：给收到“渠道异常”提醒的乡镇、部门，不含提醒的内容',
  params: ofSubscription,
  output: subscriptionStateOut,
});

export const changeSubscription = defineRoute({
  operation: 'KeepSubscription',
  method: 'PUT',
  path: '/v1/subscriptions/{id}',
  summary: '修改名称、岗位、提醒种类、免打扰时段、语言和 @ 的人',
  params: ofSubscription,
  body: z.strictObject({ version: seen, ...content }),
  output: subscriptionOut,
});

export const replaceAddress = defineRoute({
  operation: 'KeepSubscription',
  method: 'PUT',
  path: '/v1/subscriptions/{id}/address',
  summary: '更换接收地址（连同密钥）；等待发送的发往新地址',
  params: ofSubscription,
  body: z.strictObject({ version: seen, address, secret: secret.optional() }),
  output: subscriptionOut,
});

export const rotateSecret = defineRoute({
  operation: 'KeepSubscription',
  method: 'POST',
  path: '/v1/subscriptions/{id}/rotate-secret',
  summary: '更换签名密钥；旧密钥在政策规定的时间内继续有效：Webhook 同时签名，钉钉、飞书在新密钥不符时改用旧密钥',
  params: ofSubscription,
  body: z.strictObject({ version: seen, secret }),
  output: subscriptionOut,
});

export const enableSubscription = defineRoute({
  operation: 'KeepSubscription',
  method: 'POST',
  path: '/v1/subscriptions/{id}/enable',
  summary: '重新启用已停用的渠道，并发一条测试消息',
  params: ofSubscription,
  body: z.strictObject({ version: seen }),
  output: triedOut,
});

export const endSubscription = defineRoute({
  operation: 'EndSubscription',
  method: 'POST',
  path: '/v1/subscriptions/{id}/end',
  summary: '结束订阅：不再发送，地址和密钥随即删除；记录保留',
  params: ofSubscription,
  body: z.strictObject({ version: seen }),
  output: subscriptionOut,
});

export const testSubscription = defineRoute({
  operation: 'TestSubscription',
  method: 'POST',
  path: '/v1/subscriptions/{id}/test',
  summary: '发一条测试消息，与其他提醒走同一条路',
  params: ofSubscription,
  body: z.strictObject({}),
  output: underwayOut,
  status: 202,
});

export const replayMessages = defineRoute({
  operation: 'ReplayMessages',
  method: 'POST',
  path: '/v1/subscriptions/{id}/replay',
  summary: '把一段时间内已送达的消息以原编号再发一次；只用于按编号识别消息的渠道',
  params: ofSubscription,
  body: z.strictObject({
    from: instantText,
    until: instantText,
    after: z
      .int()
      .min(0)
      .max(9_999_999_999)
      .default(0)
      .meta({ description: '只重发编号大于它的：一次重发不完时，填上一次答复的 after' }),
  }),
  output: underwayOut,
  status: 202,
});

export const redriveDeliveries = defineRoute({
  operation: 'ReplayMessages',
  method: 'POST',
  path: '/v1/subscriptions/{id}/redrive',
  summary: '把未能送达的提醒重新投递；其间已办结的不再发送',
  params: ofSubscription,
  body: z.strictObject({}),
  output: underwayOut,
  status: 202,
});

export const readFeed = defineRoute({
  operation: 'ReadFeed',
  method: 'GET',
  path: '/v1/subscriptions/{id}/messages',
  summary: '来取消息：编号大于 after 的，按顺序',
  params: ofSubscription,
  query: z.strictObject({
    after: z.coerce.number().int().min(0).max(9_999_999_999).default(0),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  output: feedOut,
});

export const readMessage = defineRoute({
  operation: 'ReadFeed',
  method: 'GET',
  path: '/v1/subscriptions/{id}/messages/{message}',
  summary: '一条消息的全部提醒：是什么、在哪里、何时到期、依据什么、在哪里办理；消息中写不下的也在其中',
  params: z.strictObject({ id: named(subscriptionId), message: z.coerce.number().int().min(1).max(9_999_999_999) }),
  output: messageOut,
});

export const confirmRead = defineRoute({
  operation: 'ReadFeed',
  method: 'PUT',
  path: '/v1/subscriptions/{id}/read-through',
  summary: '确认已收到编号不大于 message 的全部消息',
  params: ofSubscription,
  body: z.strictObject({ message: z.int().min(1).max(9_999_999_999) }),
  output: readThroughOut,
});

export const listDeliveries = defineRoute({
  operation: 'ReadDeliveries',
  method: 'GET',
  path: '/v1/deliveries',
  summary: '谁在何时被告知了什么，没有告知的为什么：按订阅，或按事项（如 HAZ#编号）',
  query: z.strictObject({
    subscription: named(subscriptionId).optional(),
    about: z
      .string()
      .regex(/^[A-Z]{2,10}[#:][^\s\p{Cc}]{1,200}$/u, { error: '应为台账中的名称，例：HAZ#编号、TASK#编号、ENT:信用代码' })
      .optional(),
    ...page,
  }),
  output: deliveriesOut,
});

export const routes = [
  makeSubscription,
  listSubscriptions,
  readSubscription,
  readSubscriptionState,
  changeSubscription,
  replaceAddress,
  rotateSecret,
  enableSubscription,
  endSubscription,
  testSubscription,
  replayMessages,
  redriveDeliveries,
  readFeed,
  readMessage,
  confirmRead,
  listDeliveries,
];
