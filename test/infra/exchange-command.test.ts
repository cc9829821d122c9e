/** The command that sends a county's rows to another: what is taken, what is refused and kept, what a broken line leaves. */
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { registerEnterprise } from '../../functions/serve-register/api.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { EXCHANGE_TABLES, type ExchangeTable } from '../../shared/domain/exchange.ts';
import { hazardId } from '../../shared/domain/ids.ts';
import { canonicalText } from '../../shared/draw/canonical-json.ts';
import type { OwnRow } from '../../shared/exchange/own-rows.ts';
import type { Sendable, SendingState } from '../../shared/exchange/sending.ts';
import { rowsPath } from '../../shared/exchange/views.ts';
import { Exchanged, ReceivingCounty, rowsNow } from '../support/exchange-county.ts';
import { usccOf } from '../support/lists.ts';
import { COUNTY, PlayedCounty } from '../support/played-county.ts';
import { department, enterpriseBody } from '../support/register-api.ts';
import { runCommand } from '../support/run-command.ts';

/** Programs of their own start slowly where all the tests run at once. */
const PATIENCE = 60_000;
const HOUR = 3_600_000;

const home = mkdtempSync(join(tmpdir(), 'exchange-'));
const [state, tokenFile] = [join(home, 'state.json'), join(home, 'token')];
writeFileSync(tokenFile, 'a-token\n');

const played = new PlayedCounty();
await played.enterprise(1, { 'R-1': 'RED', 'R-2': 'ORANGE' });
played.at = plusMs(played.at, 26 * HOUR);
await played.round(1, ['R-1', 'R-2'], HOUR, 'R-1');
await played.report(1, hazardId('R0123456789ABCDE1'), 'RED');
const rows = rowsNow(played, new Exchanged());

function bundle(name: string, of: readonly Pick<OwnRow, 'table' | 'row'>[]): string {
  const folder = join(home, name);
  for (const table of EXCHANGE_TABLES) {
    const lines = of.flatMap((each) => (each.table === table ? [`${canonicalText(each.row)}\n`] : []));
    const path = join(folder, rowsPath(table));
    mkdirSync(dirname(path), { recursive: true });
    if (lines.length > 0) writeFileSync(path, lines.join(''));
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ bundle: name, county: COUNTY }));
  return folder;
}
const first = bundle('day-000001', rows);

const county = new ReceivingCounty();
/** The tables in the order in which they came, and of each request what says whether it is the same. */
const came: ExchangeTable[] = [];
const keys: string[] = [];
let breaksAt = Number.POSITIVE_INFINITY;
const server = createServer(async (request, response) => {
  const table = EXCHANGE_TABLES.find((each) => request.url === `/v1/exchange/${each}`);
  if (table === undefined || request.headers.authorization !== 'Bearer a-token') {
    response.writeHead(401).end('{"detail":"请重新登录。"}');
    return;
  }
  keys.push(String(request.headers['idempotency-key']));
  if (came.push(table) > breaksAt) {
    request.socket.destroy();
    return;
  }
  const { rows: sent, ...form } = (await json(request)) as { rows: readonly object[] };
  response.end(JSON.stringify(await county.send(table, sent, undefined, form)));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true });
});
const bound = server.address();
const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
const TO = ['--to', url, '--token-file', tokenFile, '--state', state];

const run = (...words: readonly string[]) => runCommand('infra/cli/exchange.ts', words);
const kept = (): SendingState => JSON.parse(readFileSync(state, 'utf8'));
const textOf = ({ table, row }: Sendable): string => `${table} ${canonicalText(row)}`;
/** The enterprise as a whole is either county's own, and is not taken over. */
const isReceived = ({ table, row }: Sendable): boolean => table !== 'object' || row.hazardCode !== row.creditCode;

test(
  'what a bundle holds is checked, then sent, whatever broke in between, and nothing of it twice',
  async () => {
    const checked = await run('check', first);
    expect(checked).toMatchObject({ status: 0, complained: '' });
    expect(checked.said).toContain(`${rows.length} rows in 1 bundles, 0 of them would be refused.`);

    // For a platform that always asks who accepted, the placeholder is named, and nothing is refused.
    const codes = join(home, 'codes.json');
    writeFileSync(codes, JSON.stringify({ [usccOf(1)]: '533102001' }));
    const asked = await run('check', first, '--profile', 'wwyt', '--codes', codes);
    expect(asked).toMatchObject({ status: 0, said: expect.stringMatching(/“验收人”.+“未验收”占位.+\(not-accepted-yet\)/) });

    // Nobody knows the enterprise there: all of its rows are refused, and kept.
    const unknown = await run('send', first, ...TO);
    expect(unknown.status).toBe(1);
    expect(kept().retry).toHaveLength(rows.length);

    // The line breaks after two batches: what was taken is not sent again.
    await county.ask(registerEnterprise, department, {}, enterpriseBody(1));
    breaksAt = came.length + 2;
    const broken = await run('send', first, ...TO);
    expect(broken.status).toBe(1);
    expect(broken.complained).toContain(`${url} did not answer`);
    breaksAt = Number.POSITIVE_INFINITY;
    came.length = 0;
    const left = kept().retry;
    expect(left.length).toBeLessThan(rows.length);

    const again = await run('send', first, ...TO);
    expect(again.said).toContain(`${left.length} rows of 0 bundles`);
    expect([...came].sort((a, b) => EXCHANGE_TABLES.indexOf(a) - EXCHANGE_TABLES.indexOf(b))).toEqual(came); // parents first
    expect((await county.all(usccOf(1))).map(textOf).sort()).toEqual(rows.filter(isReceived).map(textOf).sort());

    const done = await run('send', first, ...TO);
    expect(done.status).toBe(0);
    expect(kept()).toEqual({ bundles: [`${COUNTY} day-000001`], retry: [] });
  },
  PATIENCE,
);

test(
  'a bundle that was tampered with ends with the file, the line and a sentence, and nothing of it is sent',
  async () => {
    const folder = bundle('day-000003', rows);
    const file = join(folder, rowsPath('unit'));
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    const requests = came.length;
    for (const [wrong, says] of [
      ['{"id":', '不是一个 JSON 对象'],
      ['[]', '不是一个 JSON 对象'],
      ['', '不是一个 JSON 对象'],
      [JSON.stringify({ ...JSON.parse(line), riskUnitName: { a: 1 } }), '“风险单元名称”（riskUnitName）应为文本或整数'],
      [JSON.stringify({ ...JSON.parse(line), '\u001b[2J': null }), '有一列应为文本或整数'],
    ]) {
      writeFileSync(file, `${line}\n${wrong}\n`);
      const complained = expect.stringContaining(`${file}:2: ${says}`);
      expect(await run('check', folder)).toEqual({ status: 1, said: '', complained });
      if (wrong === '[]') expect(await run('send', folder, ...TO)).toEqual({ status: 1, said: '', complained });
    }
    writeFileSync(file, `${line}\n${line.slice(0, 40)}`);
    const cut = await run('check', folder);
    expect([cut.status, cut.complained]).toEqual([1, expect.stringMatching(/unit\.jsonl:2: 这一行太长，或没有写完[^\n]*\n$/)]);
    expect(came.length).toBe(requests);
  },
  PATIENCE,
);

test(
  'a wrong row is named with what to do; a wrong word, a folder that is no bundle and an address where nobody is end with 2 or 1 and a sentence',
  async () => {
    const wrong = rows.map((each) => (each.table === 'unit' ? { ...each, row: { ...each.row, riskLevel: '9' } } : each));
    const checked = await run('check', bundle('day-000002', wrong));
    expect(checked.status).toBe(1);
    expect(checked.said).toMatch(/day-000002 .+riskLevel|day-000002 .+风险等级/);
    expect((await run('tell', first)).complained).toContain('Say check or send.');
    expect(await run('check', home)).toMatchObject({ status: 2, complained: expect.stringContaining('is no bundle') });
    expect(await run('send', first)).toMatchObject({ status: 2, complained: expect.stringContaining('Say where to') });
    const nobody = join(home, 'nobody.json');
    const unheard = await run('send', first, '--to', 'http://127.0.0.1:1', '--token-file', tokenFile, '--state', nobody);
    expect(unheard).toMatchObject({ status: 1, complained: expect.stringContaining('did not answer') });
    expect(existsSync(nobody)).toBe(false);
  },
  PATIENCE,
);
