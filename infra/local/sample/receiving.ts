/**
 * Those to whom the month's reminders are sent: robots and endpoints as the platforms have them, in this process, by the simulated time that
 * each request says. What they get is kept as it comes.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { type Instant, instant } from '../../../shared/domain/calendar.ts';
import { instantText } from '../../../shared/runtime/schemas.ts';
import { type RealReceiver, startReceivers } from '../../../test/support/receivers/receivers.ts';

/** The kinds that are sent to; a feed is fetched. */
export type Robot = 'wecom' | 'dingtalk' | 'feishu' | 'webhook';

/** A message as its receiver had it: a line of `deliveries.jsonl`. */
const line = z.object({
  platform: z.enum(['wecom', 'dingtalk', 'feishu', 'webhook', 'feed']),
  receiver: z.string(),
  at: instantText,
  /** As it was answered; absent where it was not. */
  status: z.number().optional(),
  /** What the platform said in the body. */
  code: z.number().optional(),
  /** The group, or the app, has it. */
  isTaken: z.boolean(),
  isRepeated: z.boolean().optional(),
  fault: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  /** Who was really called by name, as the platform shows it. */
  mentions: z.array(z.string()).optional(),
  links: z.array(z.string()),
  webhookId: z.string().optional(),
  bytes: z.number(),
  /** Of the body without its signature: the ledger has the same of what it says was told. */
  sha256: z.string(),
});
export type Line = z.output<typeof line>;

export interface Receiving {
  /** The robot or endpoint of that name, as it stands from its first mention on. */
  stand(kind: Robot, name: string): RealReceiver;
  /** The secret that an app is to have next. */
  nextSecretOf(name: string): string;
  /** It takes that one from now on, and no other. */
  takesNext(name: string): void;
  /** Somebody fetched something. */
  fetched(what: Line): void;
  stop(): Promise<void>;
}

/** Whoever sends in a simulated county says what time it is there. */
const SIMULATED_AT = 'x-simulated-at';

const secretOf = (name: string): string => `whsec_${createHash('sha256').update(`secret of ${name}`).digest('base64')}`;

/** `file`: where what they get is kept, from the beginning. */
export async function startReceiving(file: string): Promise<Receiving> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  const keep = (got: object): void => appendFileSync(file, `${JSON.stringify(got)}\n`);
  const clock = (headers: NodeJS.Dict<string | string[]>): Instant => instant(String(headers[SIMULATED_AT]));
  const receivers = await startReceivers({ clock, keep });
  const standing = new Map<string, RealReceiver>();
  const secrets = new Map<string, string[]>();
  const made = (kind: Robot, name: string): RealReceiver => {
    if (kind !== 'webhook') return receivers[kind](name);
    const ofIt = [secretOf(name)];
    secrets.set(name, ofIt);
    return receivers.webhook(name, { secrets: ofIt });
  };
  const own = (name: string): string[] => {
    const known = secrets.get(name);
    if (known === undefined) throw new Error(`there is no app ${name}`);
    return known;
  };
  const nextSecretOf = (name: string): string => secretOf(`${name}, after ${own(name)[0]}`);
  return {
    stand(kind, name) {
      const known = standing.get(name) ?? made(kind, name);
      standing.set(name, known);
      return known;
    },
    nextSecretOf,
    takesNext(name) {
      own(name)[0] = nextSecretOf(name);
    },
    fetched: keep,
    stop: () => receivers.stop(),
  };
}

/** What they got, in the order in which it came. */
export const readLines = (file: string): Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => line.parse(JSON.parse(text)))
    : [];
