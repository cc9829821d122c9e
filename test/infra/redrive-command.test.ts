/** `npm run redrive` as an operator runs it, against services that answer what AWS would. */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SUBSCRIPTION = '0123456789abcdef0123';
const STACK = 'County533102-Messaging';

let services: Server;
let endpoint: string;
/** The stacks that were asked for, and what functions were called with. */
const asked: string[] = [];
const called: unknown[] = [];
let answer: { readonly payload: object; readonly error?: string };
let outputs: string;

beforeAll(async () => {
  services = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    const [, name] = /\/functions\/(.+)\/invocations$/.exec(request.url ?? '') ?? [];
    if (name !== undefined) {
      called.push([name, JSON.parse(body)]);
      response.writeHead(200, answer.error === undefined ? {} : { 'x-amz-function-error': answer.error });
      response.end(JSON.stringify(answer.payload));
      return;
    }
    asked.push(new URLSearchParams(body).get('StackName') ?? '');
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${STACK}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
  });
  await new Promise<void>((resolve) => services.listen(0, '127.0.0.1', resolve));
  const address = services.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`;
});
afterAll(() => services.close());
beforeEach(() => {
  asked.length = 0;
  called.length = 0;
  answer = { payload: { told: 0, dropped: 1, dead: 0, released: 2 } };
  outputs = '<member><OutputKey>ComposeMessagesFunction</OutputKey><OutputValue>composing</OutputValue></member>';
});

const redrive = (...words: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = {
      ...{ PATH: process.env.PATH, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'cn-north-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_CONFIG_FILE: '/dev/null' },
    };
    const command = spawn(process.execPath, ['--import', 'tsx', 'infra/cli/redrive.ts', ...words], { cwd: root, env });
    let [stdout, stderr] = ['', ''];
    command.stdout.on('data', (text: Buffer) => {
      stdout += text;
    });
    command.stderr.on('data', (text: Buffer) => {
      stderr += text;
    });
    command.on('close', (status) => resolve({ status, stdout, stderr }));
  });

test.each([
  ['one subscription', [SUBSCRIPTION], SUBSCRIPTION],
  ['all of a county', [], 'all'],
])('%s: what is dead waits again, and what comes of it is printed', async (_, words, meant) => {
  const { status, stdout } = await redrive('533102', ...words);
  expect([status, JSON.parse(stdout)]).toEqual([0, answer.payload]);
  expect(asked).toEqual([STACK]);
  expect(called).toEqual([['composing', { redrive: meant, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }]]);
});

test('a call that failed is told by the exit code, and by what the function said', async () => {
  answer = { payload: { errorType: 'TooMuch' }, error: 'Unhandled' };
  const { status, stdout } = await redrive('533102');
  expect(status).toBe(1);
  expect(stdout).toContain('TooMuch');
});

test.each([
  ['no county', [], /^Say which county, as in: npm run redrive -- 533102\. There are: 533102, /],
  ['an unknown county', ['110000'], /^There is no deployment 110000\./],
  [
    'a subscription that none is named like',
    ['533102', 'webhook'],
    /^webhook names no subscription: GET \/v1\/subscriptions lists/,
  ],
])('%s is refused in a sentence, and nothing is called', async (_, words, sentence) => {
  const { status, stderr } = await redrive(...words);
  expect([status, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  expect([asked, called]).toEqual([[], []]);
});

test('a county whose messaging is not deployed is told so', async () => {
  outputs = '';
  const { status, stderr } = await redrive('533102');
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(`${STACK} does not tell its ComposeMessagesFunction: deploy the county first.\n`),
  ]);
});
