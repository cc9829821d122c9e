/**
 * What is open to everybody because it holds no data of the county: the API's documentation, and the page that the links of messages open.
 * `openapi.json` is made from the routes, `open.js` from `open/`, when the function is bundled (infra/openapi.ts, infra/open-script.ts), and
 * both lie beside this file.
 */
import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type OpenPage, openPage } from './open-page.ts';
import { page } from './page.ts';

const beside = (file: string): string => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');

let openApi: string | undefined;
const document = (): string => {
  openApi ??= beside('openapi.json');
  return openApi;
};

let open: OpenPage | undefined;
const opening = (): OpenPage => {
  open ??= openPage(beside('open.js'));
  return open;
};

const DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

const served = (type: string, body: string, policy = DOCS_POLICY): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'public, max-age=300',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  },
  body,
});

export const handler = async ({ routeKey }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  switch (routeKey) {
    case 'GET /openapi.json':
      return served('application/json', document());
    case 'GET /open':
      return served('text/html', opening().html, opening().policy);
    default:
      return served('text/html', page);
  }
};
