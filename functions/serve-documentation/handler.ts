/**
 * The API's documentation, open to everybody: it holds no data of the county. `openapi.json` is made from the routes when the
 * function is bundled (infra/openapi.ts) and lies beside this file.
 */
import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { page } from './page.ts';

let openApi: string | undefined;
const document = (): string => {
  openApi ??= readFileSync(new URL('./openapi.json', import.meta.url), 'utf8');
  return openApi;
};

const served = (type: string, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'public, max-age=300',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
    'x-content-type-options': 'nosniff',
  },
  body,
});

export const handler = async ({ routeKey }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
  routeKey === 'GET /openapi.json' ? served('application/json', document()) : served('text/html', page);
