import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

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
