import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { instant } from '../../shared/domain/calendar.ts';
import type { Route } from '../../shared/runtime/route.ts';
import type { Person } from './register-api.ts';

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Call {
  readonly token?: string;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** When the gateway received it; it does not say where this is left out. */
  readonly timeEpoch?: number;
}

/** Calls an API handler as API Gateway would, and reads what it answers. */
export const apiCall =
  (handler: Handler) =>
  async (routeKey: string, { token, params, query, body, headers, timeEpoch = 0 }: Call = {}) => {
    const [method = 'GET', path = '/'] = routeKey.split(' ');
    const rawPath = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
    const event: APIGatewayProxyEventV2 = {
      version: '2.0',
      routeKey,
      rawPath,
      rawQueryString: new URLSearchParams(query).toString(),
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
      ...(query && { queryStringParameters: query }),
      ...(params && { pathParameters: params }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      isBase64Encoded: false,
      requestContext: {
        accountId: '0',
        apiId: 'test',
        domainName: 'api.test',
        domainPrefix: 'api',
        http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: 'request-1',
        routeKey,
        stage: '$default',
        time: '01/Mar/2026:00:00:00 +0000',
        timeEpoch,
      },
    };
    const context: Context = {
      callbackWaitsForEmptyEventLoop: false,
      functionName: 'test',
      functionVersion: '1',
      invokedFunctionArn: 'test',
      memoryLimitInMB: '1024',
      awsRequestId: 'request-1',
      logGroupName: 'test',
      logStreamName: 'test',
      getRemainingTimeInMillis: () => 60_000,
      done: () => undefined,
      fail: () => undefined,
      succeed: () => undefined,
    };
    const answer = await handler(event, context);
    return { status: answer.statusCode ?? 0, headers: answer.headers ?? {}, body: JSON.parse(answer.body ?? 'null') };
  };

/** Asks a route as somebody; answers status and body. `at` is county time: `2026-06-10 08:00`. */
export function askAs(call: ReturnType<typeof apiCall>, tokenOf: (as: Person) => Promise<string>) {
  const tokens = new Map<string, Promise<string>>();
  let keys = 0;
  return async (
    route: Route,
    as: Person,
    at: string,
    { key, ...sent }: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown; key?: string } = {},
  ) => {
    const token = tokens.get(as.id) ?? tokenOf(as);
    tokens.set(as.id, token);
    const headers = {
      'x-simulated-at': instant(`${at.replace(' ', 'T')}:00+08:00`),
      'idempotency-key': key ?? `test-key-${++keys}`,
    };
    return call(`${route.method} ${route.path}`, { token: await token, headers, ...sent });
  };
}
