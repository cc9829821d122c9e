/**
 * Real receivers: one local server that behaves as WeCom, DingTalk, Feishu and an app's webhook do, by their documents. Tests, the bench and
 * the sample month deliver to them. Time is an argument, so a month can be told in a minute.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Instant } from '../../../shared/domain/calendar.ts';
import { dingtalk, dingtalkRobot } from './dingtalk.ts';
import { answer, type Fault, reaches } from './faults.ts';
import { feishu, feishuBot } from './feishu.ts';
import { linksIn } from './links.ts';
import { jsonOf, type Platform, type Robot, type Verdict } from './platform.ts';
import { standardWebhooks, webhookEndpoint } from './standard-webhooks.ts';
import { wecom, wecomRobot } from './wecom.ts';

export type { Fault } from './faults.ts';

const PLATFORMS = { wecom, dingtalk, feishu, webhook: standardWebhooks } as const satisfies Record<string, Platform>;
export type PlatformName = keyof typeof PLATFORMS;

/** What a receiver got, and what it made of it: no address, no header, no signature. */
export interface Got extends Omit<Verdict, 'answer' | 'status'> {
  readonly platform: PlatformName;
  /** Its name; `?` where there is no such robot. */
  readonly receiver: string;
  readonly at: Instant;
  /** As it was answered; absent where it was not. */
  readonly status?: number;
  readonly bytes: number;
  /** Of the body without time and signature, which one platform has in it: by this the ledger names what was told. */
  readonly sha256: string;
  /** Where it leads. */
  readonly links: readonly string[];
  readonly fault?: Fault['is'];
}

export interface RealReceiver {
  readonly name: string;
  readonly platform: PlatformName;
  /** As the platform shows it, to paste. */
  readonly address: string;
  /** What is given beside the address; absent where it asks for no signature. */
  readonly secret?: string;
  /** In the order in which it came. */
  readonly got: readonly Got[];
  /** For the next `times` requests, or until it heals. */
  fails(fault: Fault, times?: number): void;
  /** Who still waits for an answer is broken off. */
  heals(): void;
  /** Comes true as soon as it got so many in all. */
  hasGot(count: number): Promise<void>;
}

export interface RobotOptions {
  /** The other security that its owner may have chosen: one of these words has to stand in a message. */
  readonly keywords?: readonly string[];
  /** Whether it asks for a signature. As a rule it does. */
  readonly isSigned?: boolean;
}

export interface Receivers {
  readonly origin: string;
  wecom(name: string): RealReceiver;
  dingtalk(name: string, options?: RobotOptions): RealReceiver;
  feishu(name: string, options?: RobotOptions): RealReceiver;
  /** `secrets`: those that the app holds, the newest first; absent: one that is made. */
  webhook(name: string, options?: { readonly secrets?: readonly string[] }): RealReceiver;
  /** Of all of them. */
  readonly got: readonly Got[];
  stop(): Promise<void>;
}

export interface ReceiversOptions {
  /** What time it is; in a simulated county a request says it. */
  readonly clock: (headers: IncomingHttpHeaders) => Instant;
  /** 0: whichever is free. */
  readonly port?: number;
  /** Is told of each message as it comes in. */
  readonly keep?: (got: Got) => void;
}

/** A line of `deliveries.jsonl`. */
export const deliveryLine = (got: Got): string => `${JSON.stringify(got)}\n`;

/** The same name has the same keys, on every start. */
const keyFor = (use: string, name: string): Buffer => createHash('sha256').update(`${use} of ${name}`).digest();
const uuidOf = (key: Buffer): string => key.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Nothing of a signature is kept. */
function traceOf(platform: PlatformName, body: Buffer): Pick<Got, 'sha256' | 'links'> {
  const json = jsonOf(body);
  const isSigned = platform === 'feishu' && typeof json === 'object' && json !== null;
  const sent = isSigned ? JSON.stringify({ ...json, timestamp: undefined, sign: undefined }) : body;
  return { sha256: createHash('sha256').update(sent).digest('hex'), links: [...new Set(linksIn(json))] };
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

/** One of them as the server has it. */
class Standing implements RealReceiver {
  readonly got: Got[] = [];
  readonly name: string;
  readonly platform: PlatformName;
  readonly address: string;
  readonly secret?: string;
  readonly robot: Robot;
  #fault: { readonly fault: Fault; left: number } | undefined;
  readonly #waiting = new Set<ServerResponse>();
  #awaited: { readonly count: number; readonly tell: () => void }[] = [];

  constructor(of: Pick<RealReceiver, 'name' | 'platform' | 'address'> & { secret: string | undefined; robot: Robot }) {
    this.name = of.name;
    this.platform = of.platform;
    this.address = of.address;
    if (of.secret !== undefined) this.secret = of.secret;
    this.robot = of.robot;
  }

  fails(fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#fault = { fault, left: times };
  }

  heals(): void {
    this.#fault = undefined;
    for (const response of this.#waiting) response.destroy();
    this.#waiting.clear();
  }

  /** An answer that may never come. */
  waits(response: ServerResponse): void {
    this.#waiting.add(response);
    response.on('close', () => this.#waiting.delete(response));
  }

  hasGot(count: number): Promise<void> {
    if (this.got.length >= count) return Promise.resolve();
    return new Promise((tell) => {
      this.#awaited.push({ count, tell });
    });
  }

  nextFault(): Fault | undefined {
    const next = this.#fault;
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left <= 0) this.#fault = undefined;
    return next.fault;
  }

  keep(got: Got): void {
    this.got.push(got);
    for (const { tell } of this.#awaited.filter(({ count }) => count <= this.got.length)) tell();
    this.#awaited = this.#awaited.filter(({ count }) => count > this.got.length);
  }
}

/** What was seen of a request that did not come as far as the platform. */
const unseen: Verdict = { status: 0, answer: '', isTaken: false };

const statusOf = (verdict: Verdict, fault: Fault | undefined): number | undefined => {
  switch (fault?.is) {
    case undefined:
    case 'slow':
      return verdict.status;
    case 'status':
      return fault.status;
    case 'redirect':
      return 302;
    case 'huge':
    case 'drip':
      return 200;
    default:
      return undefined;
  }
};

export async function startReceivers({ clock, port = 0, keep }: ReceiversOptions): Promise<Receivers> {
  const standing = new Map<string, Standing>();
  const got: Got[] = [];

  /** Which platform's address it is, and which robot's. */
  const findFor = (url: URL) => {
    for (const [name, platform] of Object.entries(PLATFORMS) as [PlatformName, Platform][]) {
      const key = platform.keyOf(url);
      if (key !== undefined) return { name, platform, receiver: standing.get(`${name} ${key}`) };
    }
    return undefined;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://receivers');
    const body = await bodyOf(request);
    const found = findFor(url);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const at = clock(request.headers);
    const { receiver } = found;
    const fault = receiver?.nextFault();
    const arrival = { method: request.method ?? '', url, headers: request.headers, body, at: Date.parse(at) };
    const verdict = receiver === undefined ? found.platform.stranger : reaches(fault) ? receiver.robot.judge(arrival) : unseen;
    const { answer: _, status: __, ...content } = verdict;
    const status = statusOf(verdict, fault);
    const kept: Got = {
      platform: found.name,
      receiver: receiver?.name ?? '?',
      at,
      ...(status !== undefined && { status }),
      ...content,
      bytes: body.length,
      ...traceOf(found.name, body),
      ...(fault !== undefined && { fault: fault.is }),
    };
    got.push(kept);
    receiver?.waits(response);
    receiver?.keep(kept);
    keep?.(kept);
    answer(request, response, verdict, fault);
  };

  const server = createServer((request, response) => {
    // Whoever sends may go away at any moment; what he had sent by then is his matter.
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`;

  const stand = (key: string, of: ConstructorParameters<typeof Standing>[0]): RealReceiver => {
    const place = `${of.platform} ${key}`;
    if (standing.has(place)) throw new Error(`there is a ${of.platform} receiver ${of.name} already`);
    const made = new Standing(of);
    standing.set(place, made);
    return made;
  };

  return {
    origin,
    got,
    wecom(name) {
      const key = uuidOf(keyFor('wecom key', name));
      const address = `${origin}/cgi-bin/webhook/send?key=${key}`;
      return stand(key, { name, platform: 'wecom', address, secret: undefined, robot: wecomRobot() });
    },
    dingtalk(name, { isSigned = true, keywords = [] } = {}) {
      const key = keyFor('dingtalk token', name).toString('hex');
      const secret = isSigned ? `SEC${keyFor('dingtalk secret', name).toString('hex')}` : undefined;
      const robot = dingtalkRobot({ ...(secret !== undefined && { secret }), keywords });
      return stand(key, { name, platform: 'dingtalk', address: `${origin}/robot/send?access_token=${key}`, secret, robot });
    },
    feishu(name, { isSigned = true, keywords = [] } = {}) {
      const key = uuidOf(keyFor('feishu token', name));
      const secret = isSigned ? keyFor('feishu secret', name).toString('hex').slice(0, 22) : undefined;
      const robot = feishuBot({ ...(secret !== undefined && { secret }), keywords });
      return stand(key, { name, platform: 'feishu', address: `${origin}/open-apis/bot/v2/hook/${key}`, secret, robot });
    },
    webhook(name, { secrets = [`whsec_${keyFor('webhook secret', name).toString('base64')}`] } = {}) {
      const key = keyFor('webhook path', name).toString('hex').slice(0, 24);
      const robot = webhookEndpoint(secrets);
      return stand(key, { name, platform: 'webhook', address: `${origin}/hooks/${key}`, secret: secrets[0], robot });
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
