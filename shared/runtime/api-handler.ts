/**
 * What no route can forget: the caller is verified, the role is held against the access table, the request is parsed strictly, the
 * instant is fixed, a repeated command gets the answer of the first, and every refusal is a problem document (RFC 9457).
 */
import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { grantOf } from '../domain/access.ts';
import { type Instant, instantAt } from '../domain/calendar.ts';
import type { Caller } from '../domain/caller.ts';
import { type CommandId, commandId, IMPORT_COMMAND, Misnamed } from '../domain/ids.ts';
import type { apiEnvironment } from './api-environment.ts';
import { now } from './clock.ts';
import { Problem } from './problem.ts';
import type { CarriedOut, Request, Route, Served } from './route.ts';
import { remoteKeys, simulatedInstant, type TokenRules, tokenRules, verifyToken } from './token.ts';

export interface ApiOptions {
  readonly service: string;
  readonly environment: z.output<typeof apiEnvironment>;
  readonly routes: readonly Served[];
  /** What is kept of the same command of before, from wherever this function keeps it. */
  readonly answerOf: (again: Request<Route>) => Promise<CarriedOut | undefined>;
  /** Given in tests; else the issuer's, fetched from its address. */
  readonly tokens?: TokenRules;
}

const RETRIES_OF_A_STALE_VERSION = 3;
const LONGEST_BODY = 1_000_000;

export function apiHandler({ service, environment, routes, answerOf, tokens }: ApiOptions) {
  const logger = new Logger({ serviceName: service });
  const byKey = new Map(routes.map((served) => [`${served.route.method} ${served.route.path}`, served]));
  const rules =
    tokens ??
    tokenRules({
      issuer: environment.ISSUER,
      audience: environment.AUDIENCE,
      county: environment.COUNTY,
      keys: remoteKeys(environment.JWKS_URI),
    });

  const answer = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const served = byKey.get(event.routeKey);
    if (served === undefined) throw new Problem(404, 'no-such-route', '没有这个接口。');
    const { route } = served;
    const caller = await verifyToken(event.headers.authorization, rules, now());
    if (grantOf(caller, route.operation) === undefined) {
      throw new Problem(403, 'forbidden', '您的角色没有这项权限，如确有需要请联系单位负责人。', { operation: route.operation });
    }
    const request = readRequest(route, event, caller, receivedAt(event, environment.SIMULATION === 'true'));
    return json(route.status ?? 200, await runOnce(served, request));
  };

  /** Runs a request; a command that was carried out before is answered as it was, whatever its rules or this version's form would say now. */
  const runOnce = async ({ route, run }: Served, request: Request<Route>): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return route.output.parse(await run(request));
      } catch (error) {
        if (route.method === 'GET' || !(error instanceof Error) || !isRefusal(error)) throw error;
        const before = await answerOf(request);
        if (before === 'lapsed') throw new Problem(409, 'already-carried-out', ALREADY);
        if (before?.isSame) return before.answer;
        if (before !== undefined) {
          throw new Problem(422, 'idempotency-key-reused', '这个幂等键（Idempotency-Key）已用于另一项请求，请换一个新的。');
        }
        if (error.name !== 'StaleVersion') throw error;
        if (attempt >= RETRIES_OF_A_STALE_VERSION) {
          throw new Problem(409, 'stale-version', '数据刚刚被他人修改，请刷新后重试。');
        }
      }
    }
  };

  return middy(async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      return await answer(event);
    } catch (error) {
      const refused = asProblem(error);
      if (refused === undefined) {
        logger.error('failed', error instanceof Error ? error : new Error(String(error)));
        return problem(new Problem(500, 'fault', '系统出现故障，您的操作没有保存，请稍后重试。'), event.requestContext.requestId);
      }
      logger.info('refused', { route: event.routeKey, status: refused.status, code: refused.code });
      return problem(refused, event.requestContext.requestId);
    }
  }).use(injectLambdaContext(logger, { resetKeys: true }));
}

const isRefusal = (error: Error): boolean => ['Problem', 'StaleVersion', 'CommandRepeated'].includes(error.name);

function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof Error && (error.name === 'CursorMalformed' || isOfAnotherList(error))) {
    return new Problem(400, 'cursor-malformed', '翻页标记无效，请从第一页重新查询。');
  }
  if (error instanceof Misnamed) return new Problem(400, 'malformed', `请求中的编号格式不对（${error.kind}）。`);
  return undefined;
}

/** A cursor names a key; the table says so where the key is not one of the list that was asked for. */
const isOfAnotherList = ({ name, message }: Error): boolean => name === 'ValidationException' && /starting key/i.test(message);

/**
 * When a request was received: the gateway's time, so that a cold start over midnight makes no check late; in a simulated county the
 * request may say another.
 */
function receivedAt({ headers, requestContext: { timeEpoch } }: APIGatewayProxyEventV2, simulation: boolean): Instant {
  const simulated = simulation ? simulatedInstant(headers['x-simulated-at']) : undefined;
  return simulated ?? (timeEpoch > 0 ? instantAt(timeEpoch) : now());
}

function readRequest(route: Route, event: APIGatewayProxyEventV2, caller: Caller, at: Instant): Request<Route> {
  const raw = readBody(event);
  const request = {
    params: parsed(route.params, event.pathParameters ?? {}, 'path'),
    query: parsed(route.query, event.queryStringParameters ?? {}, 'query'),
    body: route.body === undefined ? {} : parsed(route.body, raw, 'body'),
  };
  const requestHash = createHash('sha256')
    .update(JSON.stringify([route.operation, event.rawPath, event.rawQueryString, raw ?? null]))
    .digest('hex');
  return { ...request, caller, at, commandId: readCommandId(route, event), requestHash };
}

function readBody(event: APIGatewayProxyEventV2): unknown {
  if (event.body === undefined || event.body === '') return undefined;
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  if (Buffer.byteLength(text) > LONGEST_BODY) throw new Problem(413, 'body-too-large', '请求内容过大，请分批提交。');
  const value = parsedJson(text);
  if (HALF.test(text) && HALF.test(JSON.stringify(value))) {
    throw new Problem(400, 'half-character', '请求内容含有不完整的字符（只有一半的表情符号或生僻字），请删去后重新提交。');
  }
  return value;
}

/** Half of a character, as JSON writes what has no other half: it has no bytes, so nothing that holds it could be sealed. */
const HALF = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'not-json', '请求内容不是有效的 JSON。');
  }
}

/** A read needs no key; it gets a fixed one so that the shape is the same. */
function readCommandId(route: Route, event: APIGatewayProxyEventV2): CommandId {
  if (route.method === 'GET') return commandId('read-only');
  const key = event.headers['idempotency-key'];
  if (key === undefined) {
    throw new Problem(
      400,
      'idempotency-key-missing',
      '请求头缺少 Idempotency-Key：请为每次提交生成一个唯一编号，重试时使用同一个。',
    );
  }
  if (!commandId.is(key)) {
    throw new Problem(400, 'idempotency-key-malformed', 'Idempotency-Key 应为 8 至 80 位字母、数字或 . _ : -，例如 UUID。');
  }
  if (key.startsWith(IMPORT_COMMAND)) {
    throw new Problem(400, 'idempotency-key-reserved', `Idempotency-Key 不能以“${IMPORT_COMMAND}”开头，请改用 UUID。`);
  }
  return key;
}

/** What the schema reads of it. Unknown members are refused, because every schema is strict. */
function parsed(schema: z.ZodType | undefined, value: unknown, where: 'path' | 'query' | 'body'): Record<string, unknown> {
  if (schema === undefined) {
    if (where === 'query' && Object.keys(value as object).length > 0) {
      throw new Problem(400, 'malformed', '请求含有不认识的查询参数。', {
        errors: Object.keys(value as object).map((at) => ({ where, at: shownName(at) })),
      });
    }
    return {};
  }
  const read = schema.safeParse(value, { error: chinese });
  if (read.success) return read.data as Record<string, unknown>;
  throw new Problem(400, 'malformed', '请求内容有误，请按 errors 中的说明逐项修改。', {
    errors: read.error.issues.map((issue) => ({ where, at: issue.path.join('.'), message: issue.message })),
  });
}

/** A name as ours are; anything else may be an address or a key that was put in the wrong place, and is not said again. */
const shownName = (name: string): string => (/^[A-Za-z]{1,30}$/.test(name) ? name : '（名称不像字段名，未显示）');

/** What zod says where a schema has no sentence of its own. */
const chinese: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `不认识的字段：${issue.keys.map(shownName).join('、')}`;
    case 'invalid_type':
      return issue.input === undefined ? '必填' : '类型不对';
    case 'invalid_value':
      return `只能是：${issue.values.join('、')}`;
    case 'too_small':
      return `不能小于 ${issue.minimum}（长度或数值）`;
    case 'too_big':
      return `不能大于 ${issue.maximum}（长度或数值）`;
    case 'invalid_union':
      return '与允许的几种形式都不符';
    default:
      return '格式不对';
  }
};

const json = (statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

const ALREADY =
  '这个幂等键（Idempotency-Key）的操作早已完成，这次没有重复执行；当时的回执已过保存期，请查询现状。如果是新的操作，请换一个新的幂等键。';

/** What a kind of refusal is called; the detail says what to do. */
const TITLES: Readonly<Record<number, string>> = {
  400: '请求有误',
  401: '未登录',
  403: '没有权限',
  404: '没有找到',
  409: '与现状冲突',
  413: '内容过大',
  422: '内容不可接受',
  500: '系统故障',
  503: '暂时不可用',
};

const problem = ({ status, code, message, members }: Problem, requestId: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify({
    ...members,
    type: `urn:dual-prevention:problem:${code}`,
    title: TITLES[status] ?? '请求未被接受',
    status,
    code,
    detail: message,
    instance: requestId,
  }),
});
