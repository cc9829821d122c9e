/** The kinds there are: a line for each file. Nothing else names them one by one. */
import type { Channel } from './channel.ts';
import { dingtalk } from './dingtalk.ts';
import { feed } from './feed.ts';
import { feishu } from './feishu.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

const CHANNELS: readonly Channel[] = [wecom, dingtalk, feishu, webhook, feed];

export const CHANNEL_KINDS: readonly string[] = CHANNELS.map(({ kind }) => kind);

/** `undefined`: there is no such kind. */
export const channelOf = (kind: string): Channel | undefined => CHANNELS.find((channel) => channel.kind === kind);

/** The kind whose platform has this host; `undefined`: anybody's. */
export const channelOfHost = (host: string): Channel | undefined => CHANNELS.find(({ hosts = [] }) => hosts.includes(host));
