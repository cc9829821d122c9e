/** Where the sender connects to and where it does not, over real connections; names are resolved as each test says. */
import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { isPublic } from '../../shared/channels/public-address.ts';
import { outbound } from '../../shared/data/outbound.ts';
import { type Resolve, resolveBy } from '../../shared/data/resolve.ts';
import { nameServer } from '../support/name-server.ts';
import { selfSigned } from '../support/self-signed.ts';

const KEY = '693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa';
const PATIENCE_MS = 5_000;
const soon = () => AbortSignal.timeout(PATIENCE_MS);
const nobodyAsked: Resolve = async (host) => {
  throw new Error(`${host} was looked up`);
};
const resolving =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses;
const requestTo = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{"隐患":1}' });

/** A server that answers as the test says, and what it was asked. */
async function serverThat(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { host: string | undefined; method: string | undefined; body: string; proxy: string | undefined }[] = [];
  const server = createHttp(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const { host, 'proxy-connection': proxy } = request.headers;
    asked.push({ host, method: request.method, body: Buffer.concat(parts).toString(), proxy: proxy?.toString() });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    asked,
    port,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
type Server = Awaited<ReturnType<typeof serverThat>>;
const servers: Server[] = [];
const serving = async (...of: Parameters<typeof serverThat>): Promise<Server> => {
  const server = await serverThat(...of);
  servers.push(server);
  return server;
};
afterEach(() => {
  for (const server of servers.splice(0)) server.stop();
});
const ok = (_: IncomingMessage, response: ServerResponse) => response.end('{"errcode":0}');

describe('what is public', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '2400:3200::1',
    '2606:4700:4700::1111',
  ])('%s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  test.each([
    ['unspecified', '0.0.0.0'],
    ['this net', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback, not the usual', '127.255.255.254'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['metadata of another cloud', '100.100.100.200'],
    ['link-local', '169.254.0.1'],
    ['metadata', '169.254.169.254'],
    ['metadata of containers', '169.254.170.2'],
    ['metadata within a range of the internet', '168.63.129.16'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped metadata', '::ffff:a9fe:a9fe'],
    ['mapped, though of a public one', '::ffff:8.8.8.8'],
    ['compatible', '::7f00:1'],
    ['compatible, though of a public one', '::808:808'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
    ['NAT64 of a local net', '64:ff9b:1::a00:1'],
    ['6to4 of a private one', '2002:a00:1::'],
    ['6to4 of a public one', '2002:808:808::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['unique-local', 'fc00::1'],
    ['metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['discard', '100::1'],
    ['segment routing', '5f00::1'],
    ['multicast', 'ff02::1'],
    ['nothing that was given out', '4000::1'],
    ['no address', 'localhost'],
    ['nothing', ''],
  ])('not %s: %s', (_, address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('an address that is not sent to', () => {
  const post = outbound({ allowsLoopback: false, resolve: nobodyAsked });

  test.each([
    ['http', 'http://example.org/hook'],
    ['another protocol', 'ftp://example.org/hook'],
    ['a file', 'file:///etc/passwd'],
    ['another port', 'https://example.org:8443/hook'],
    ['the port of http', 'https://example.org:80/hook'],
    ['a name and password', 'https://user:secret@example.org/hook'],
    ['a name', 'https://user@example.org/hook'],
    ['a name that looks like a host', 'https://qyapi.weixin.qq.com@127.0.0.1/hook'],
    ['a trailing dot', 'https://example.org./hook'],
    ['localhost with one', 'https://localhost./hook'],
    ['metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['loopback', 'https://127.0.0.1/'],
    ['loopback as one number', 'https://2130706433/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in brief', 'https://127.1/'],
    ['loopback in full-width digits', 'https://１２７.０.０.１/'],
    ['nothing', 'https://0/'],
    ['loopback of IPv6', 'https://[::1]/'],
    ['mapped', 'https://[::ffff:127.0.0.1]/'],
    ['mapped in hex', 'https://[::ffff:7f00:1]/'],
    ['metadata of IPv6', 'https://[fd00:ec2::254]/'],
    ['private', 'https://192.168.0.1/'],
    ['no url', 'qyapi.weixin.qq.com/hook'],
  ])('%s', async (_, url) => {
    const reply = await post(requestTo(url), { signal: soon() });
    expect(reply).toEqual({ is: 'forbidden', says: expect.stringContaining('接收端地址') });
  });

  test.each([
    ['private', ['10.0.0.1']],
    ['loopback', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['public and private together', ['8.8.8.8', '10.0.0.1']],
    ['public, and unique-local of the other kind', ['8.8.8.8', 'fd00::1']],
    ['mapped', ['::ffff:10.0.0.1']],
    ['NAT64', ['64:ff9b::7f00:1']],
  ])('a name of which an address is %s', async (_, addresses) => {
    const inner = outbound({ allowsLoopback: false, resolve: resolving(...addresses) });
    expect(await inner(requestTo(`https://example.org/${KEY}`), { signal: soon() })).toEqual({
      is: 'unanswered',
      says: '接收端的域名指向内部网络，按安全规定不予发送',
    });
  });

  test('what the machine calls itself, unless the deployment allows it', async () => {
    const real = outbound({ allowsLoopback: false });
    expect(await real(requestTo('https://localhost/'), { signal: soon() })).toMatchObject({ is: 'unanswered' });
  });

  test('a host that is not the platform’s, even a public one', async () => {
    const public8 = outbound({ allowsLoopback: false, resolve: resolving('8.8.8.8') });
    const hosts = ['qyapi.weixin.qq.com'];
    for (const host of ['qyapi.weixin.qq.com.example.org', 'example.org', 'xqyapi.weixin.qq.com'])
      expect(await public8(requestTo(`https://${host}/${KEY}`), { hosts, signal: soon() })).toMatchObject({ is: 'forbidden' });
  });

  test('where loopback is allowed, still nothing but loopback goes without https or to another port', async () => {
    const local = outbound({ allowsLoopback: true, resolve: resolving('8.8.8.8') });
    expect(await local(requestTo('http://example.org/'), { signal: soon() })).toMatchObject({ is: 'forbidden' });
    expect(await local(requestTo('https://example.org:8443/'), { signal: soon() })).toMatchObject({ is: 'forbidden' });
    expect(await local(requestTo('http://169.254.169.254/'), { signal: soon() })).toMatchObject({ is: 'forbidden' });
    expect(await local(requestTo('http://192.168.0.1:8080/'), { signal: soon() })).toMatchObject({ is: 'forbidden' });
    const both = outbound({ allowsLoopback: true, resolve: resolving('127.0.0.1', '8.8.8.8') });
    expect(await both(requestTo('https://example.org/'), { signal: soon() })).toMatchObject({ is: 'unanswered' });
  });
});

describe('a connection', () => {
  test('goes to the very address that was looked at: a name that changes meanwhile gains nothing', async () => {
    const server = await serving(ok);
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['10.0.0.1']];
    let asked = 0;
    const post = outbound({ allowsLoopback: true, resolve: async () => answers[asked++] ?? [] });
    const reply = await post(requestTo(`http://rebound.example:${server.port}/${KEY}`), { signal: soon() });
    expect(reply).toEqual({ is: 'answered', answer: { status: 200, body: '{"errcode":0}' } });
    expect(asked).toBe(1);
    expect(server.asked).toEqual([
      { host: `rebound.example:${server.port}`, method: 'POST', body: '{"隐患":1}', proxy: undefined },
    ]);
  });

  test('takes the next address where the first does not listen', async () => {
    const server = await serving(ok);
    const post = outbound({ allowsLoopback: true, resolve: resolving('127.0.0.9', '127.0.0.1') });
    expect(await post(requestTo(`http://two.example:${server.port}/`), { signal: soon() })).toMatchObject({ is: 'answered' });
  });

  test('looks up no name of an address', async () => {
    const server = await serving(ok);
    const post = outbound({ allowsLoopback: true, resolve: nobodyAsked });
    const reply = await post(requestTo(`http://127.0.0.1:${server.port}/`), { signal: soon() });
    expect(reply).toMatchObject({ is: 'answered' });
    expect(server.asked).toHaveLength(1);
  });

  test('a redirect is an answer, and is not followed to the metadata address or anywhere', async () => {
    const elsewhere = await serving(ok);
    for (const location of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${elsewhere.port}/`])
      for (const status of [301, 302, 303, 307, 308]) {
        const server = await serving((_, response) => response.writeHead(status, { location }).end());
        const post = outbound({ allowsLoopback: true, resolve: nobodyAsked });
        expect(await post(requestTo(`http://127.0.0.1:${server.port}/`), { signal: soon() })).toEqual({
          is: 'answered',
          answer: { status, body: '' },
        });
        expect(server.asked).toHaveLength(1);
      }
    expect(elsewhere.asked).toEqual([]);
  });

  test('says what the receiver asks to wait', async () => {
    const server = await serving((_, response) => response.writeHead(429, { 'retry-after': '120' }).end('slow'));
    const post = outbound({ allowsLoopback: true });
    expect(await post(requestTo(`http://127.0.0.1:${server.port}/`), { signal: soon() })).toEqual({
      is: 'answered',
      answer: { status: 429, body: 'slow', retryAfter: '120' },
    });
  });

  test('reads four kilobytes of a body and leaves the rest', async () => {
    let left = new Promise<void>(() => {});
    const server = await serving((_, response) => {
      left = once(response, 'close').then(() => {});
      const more = (): void => {
        while (!response.destroyed && response.write('隐'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const post = outbound({ allowsLoopback: true });
    const reply = await post(requestTo(`http://127.0.0.1:${server.port}/`), { signal: soon() });
    expect(reply.is === 'answered' && Buffer.byteLength(reply.answer.body)).toBeLessThanOrEqual(4_100);
    await left;
  });

  test('a name server that hangs, a head that hangs and a head that drips end when the time is over', async () => {
    const over = () => AbortSignal.timeout(30);
    const timedOut = { is: 'unanswered', says: '接收端在规定时间内没有应答' };
    const hangs = outbound({ allowsLoopback: true, resolve: () => new Promise(() => {}) });
    expect(await hangs(requestTo('https://example.org/'), { signal: over() })).toEqual(timedOut);
    const post = outbound({ allowsLoopback: true });
    const silent = await serving(() => {});
    expect(await post(requestTo(`http://127.0.0.1:${silent.port}/`), { signal: over() })).toEqual({
      ...timedOut,
      perhapsArrived: true,
    });
    const dripping = await serving(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nx-');
      const timer = setInterval(() => socket.write('a'), 1);
      socket.on('close', () => clearInterval(timer)).on('error', () => {});
    });
    expect(await post(requestTo(`http://127.0.0.1:${dripping.port}/`), { signal: over() })).toEqual({
      ...timedOut,
      perhapsArrived: true,
    });
    expect(await post(requestTo(`http://127.0.0.1:${dripping.port}/`), { signal: AbortSignal.abort() })).toEqual(timedOut);
  });

  test('a body that drips is read as far as it came: its head has said what became of the message', async () => {
    const server = await serving((_, response) => {
      response.write('{"errcode":0');
      const timer = setInterval(() => response.write(' '), 1);
      response.on('close', () => clearInterval(timer));
    });
    const post = outbound({ allowsLoopback: true });
    const reply = await post(requestTo(`http://127.0.0.1:${server.port}/`), { signal: AbortSignal.timeout(30) });
    expect(reply).toMatchObject({ is: 'answered', answer: { status: 200, body: expect.stringMatching(/^\{"errcode":0 *$/) } });
  });

  test.each([
    ['a reset', ({ socket }: IncomingMessage) => socket.resetAndDestroy(), '接收端中断了连接'],
    ['an end without an answer', ({ socket }: IncomingMessage) => socket.destroy(), '接收端中断了连接'],
    ['what is no HTTP', ({ socket }: IncomingMessage) => socket.end('SSH-2.0-x\r\n'), '接收端的应答不是有效的 HTTP'],
    [
      'an upgrade that nobody asked for',
      ({ socket }: IncomingMessage) => socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      '',
    ],
  ])('%s is told in words, without the address', async (_, answer, says) => {
    const server = await serving(answer);
    const post = outbound({ allowsLoopback: true });
    const reply = await post(requestTo(`http://127.0.0.1:${server.port}/${KEY}?key=${KEY}`), { signal: soon() });
    expect(reply).toMatchObject({ is: 'unanswered', says: expect.stringContaining(says) });
    expect(JSON.stringify(reply)).not.toMatch(/127|693a91f6/);
  });

  test('nobody there, and no such name, are told without the address too', async () => {
    const server = await serving(ok);
    server.stop();
    const post = outbound({ allowsLoopback: true, resolve: resolving() });
    expect(await post(requestTo(`http://127.0.0.1:${server.port}/${KEY}`), { signal: soon() })).toEqual({
      is: 'unanswered',
      says: '接收端拒绝连接',
    });
    expect(await post(requestTo(`https://gone.example/${KEY}`), { signal: soon() })).toEqual({
      is: 'unanswered',
      says: '找不到接收端的域名，请核对地址或稍后再试',
    });
  });

  test('a certificate that nobody vouches for is not trusted, and nothing is sent', async () => {
    const seen: string[] = [];
    const server = createHttps(
      { ...selfSigned('robot.example'), SNICallback: (name, tell) => tell(null, void seen.push(name)) },
      () => seen.push('a request'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const post = outbound({ allowsLoopback: true, resolve: resolving('127.0.0.1') });
    const reply = await post(requestTo(`https://robot.example:${port}/${KEY}`), { signal: soon() });
    server.close();
    expect(reply).toEqual({ is: 'unanswered', says: '接收端的 HTTPS 证书无效或无法建立加密连接' });
    expect(seen).toEqual(['robot.example']);
  });
});

describe('a name', () => {
  const soonOver = () => AbortSignal.timeout(30);

  test('has its addresses of IPv4, else those of IPv6, else none', async () => {
    const server = await nameServer({
      'A two.example': [
        [8, 8, 8, 8],
        [10, 0, 0, 1],
      ],
      'AAAA two.example': 'hangs',
      'A six.example': [],
      'AAAA six.example': [[0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]],
    });
    const resolve = resolveBy([server.address]);
    expect([...(await resolve('two.example', soon()))].sort()).toEqual(['10.0.0.1', '8.8.8.8']);
    expect(await resolve('six.example', soon())).toEqual(['fd00:ec2::254']);
    expect(await resolve('gone.example', soon())).toEqual([]);
    expect(await resolve('localhost', soon())).toEqual(['127.0.0.1']);
    const post = outbound({ allowsLoopback: false, resolve });
    for (const host of ['two.example', 'six.example'])
      expect(await post(requestTo(`https://${host}/${KEY}`), { signal: soon() })).toMatchObject({
        says: expect.stringContaining('内部网络'),
      });
    server.stop();
    expect(server.asked.filter((question) => question.includes('localhost'))).toEqual([]);
  });

  test('that its server never tells is given up when the time is over, and the question with it', async () => {
    const server = await nameServer({ 'A hangs.example': 'hangs' });
    expect(await resolveBy([server.address])('hangs.example', soonOver())).toEqual([]);
    expect(server.asked).toEqual(['A hangs.example']);
    const post = outbound({ allowsLoopback: false, resolve: resolveBy([server.address]) });
    expect(await post(requestTo(`https://hangs.example/${KEY}`), { signal: soonOver() })).toEqual({
      is: 'unanswered',
      says: '接收端在规定时间内没有应答',
    });
    server.stop();
  });
});
