/** Request units of what the county does all day, counted from what the tables charge on the local cloud. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { freePort, startEmulator } from '../../infra/local/emulator.ts';
import { instant, periodAt } from '../../shared/domain/calendar.ts';
import { commandId, countyCode, personId, type RiskNo } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { checkedThrough, ordinary, ownerNumber, POINTS_PER_PAGE, pagesOf } from './county.ts';
import { DAYS_PER_MONTH, PRICES } from './prices.ts';
import { printTable } from './table.ts';

const county = countyCode('533102');
/** Each size has a county of its own, so that none sweeps another's pages. */
const COUNTIES = ['533103', '533122', '533123'].map(countyCode);
const TABLES = { REGISTER_TABLE: 'Register', HAZARDS_TABLE: 'Hazards', LEDGER_TABLE: 'Ledger' } as const;
const ROUNDS = [1, 20, 100];
const SIZES = [1_000, 10_000, 100_000];
/** One enterprise in so many has a miss when a period closes. */
const PAGES_PER_MISS = 20;

async function createTables(): Promise<void> {
  const { hazardsTable, ledgerTable, registerTable } = await import('../../shared/data/tables.ts');
  const client = new DynamoDBClient({});
  for (const table of [registerTable, hazardsTable, ledgerTable]) {
    const indexes = Object.entries(
      table.indexes as Record<string, { partitionKey: { name: string }; sortKey: { name: string } }>,
    );
    const names = new Set(['pk', 'sk', ...indexes.flatMap(([, { partitionKey, sortKey }]) => [partitionKey.name, sortKey.name])]);
    const keys = (hash: string, range: string) => [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: range, KeyType: 'RANGE' as const },
    ];
    await client.send(
      new CreateTableCommand({
        TableName: table.getName(),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys('pk', 'sk'),
        GlobalSecondaryIndexes: indexes.map(([IndexName, { partitionKey, sortKey }]) => ({
          IndexName,
          KeySchema: keys(partitionKey.name, sortKey.name),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    );
  }
}

async function count(): Promise<void> {
  await createTables();
  const { documentClient } = await import('../../shared/data/tables.ts');
  const { dynamoDutyStore } = await import('../../shared/data/duty-store.ts');
  const { submitRound } = await import('../../functions/submit-round/submit-round.ts');
  const { closePeriods } = await import('../../functions/close-period/close-period.ts');
  const { openPeriods } = await import('../../functions/open-period/open-period.ts');
  const { meter } = await import('./meter.ts');
  const store = dynamoDutyStore(county);
  const units = meter(documentClient);
  const at = instant('2026-06-17T08:00:00+08:00');
  const cadences = cadencesOf(county, at);

  const rounds: (string | number)[][] = [];
  for (const [index, points] of ROUNDS.entries()) {
    const owner = ownerNumber(900_000 + index);
    // The enterprise has as many points as the round, and twenty at least.
    const [page] = pagesOf('RED', Math.max(20, points), ordinary(periodAt('day', at)), periodAt('day', at) - 2);
    if (page === undefined) throw new Error('no page');
    await store.save({ pages: [{ page: { ...page, owner }, ifVersion: 0 }], exceptions: [], events: [] });
    units.take();
    const submit = submitRound({
      store,
      county,
      openCases: async () => ({ writes: [], events: [] }),
      eventsOf: async () => [],
      pause: async () => undefined,
    });
    const nos = (Object.keys(page.points) as RiskNo[]).slice(0, points);
    await submit({
      params: {},
      query: {},
      body: {
        checkedAt: at,
        device: 'bench',
        items: nos.map((no) => ({ riskNo: no, result: 'normal' as const, answers: 'yyyy' })),
      },
      caller: { id: personId('bench'), role: 'post-holder', county, owner },
      at,
      commandId: commandId(`bench-round-${points}`),
      requestHash: '0'.repeat(64),
    });
    const { write, read } = units.take();
    rounds.push([points, write, read, write / points, (write * PRICES.writeUnit + read * PRICES.readUnit) / points]);
  }
  printTable(
    'A round of checks of one colour',
    ['points', 'write units', 'read units', 'write units per check', '$ per check'],
    rounds,
  );

  const periods: (string | number)[][] = [];
  for (const [index, points] of SIZES.entries()) {
    const sized = COUNTIES[index] ?? county;
    const pagesOfCounty = dynamoDutyStore(sized);
    const now = periodAt(cadences.ORANGE, at);
    // A week that ended with one enterprise in twenty short of a check, and nothing checked yet in the running one.
    const missing = (point: number) => point % (POINTS_PER_PAGE * PAGES_PER_MISS) === 0;
    const pages = [...pagesOf('ORANGE', points, checkedThrough(now - 3, now - 1, missing), now - 2, index * 10_000)];
    const stored = await Promise.all(pages.map(({ owner }) => pagesOfCounty.page({ owner, colour: 'ORANGE' })));
    for (const [index, page] of pages.entries()) {
      await pagesOfCounty.save({ pages: [{ page, ifVersion: stored[index]?.version ?? 0 }], exceptions: [], events: [] });
    }
    units.take();
    const opened = await openPeriods({
      store: pagesOfCounty,
      county: sized,
      cadences,
      whyOf: (colour) => whyCheck(policyFor(sized, at), colour),
      publish: async () => undefined,
    })('week', at);
    const opening = units.take();
    const actor = { id: personId('close-period'), role: 'system' } as const;
    const close = closePeriods({ store: pagesOfCounty, county: sized, cadences, actor, outOfTime: () => false });
    await close('week', at);
    const closing = units.take();
    await close('week', at);
    const again = units.take();
    const sealedPages = Math.ceil(pages.length / PAGES_PER_MISS);
    const perMonth = (DAYS_PER_MONTH / 7) * ((opening.read + closing.read) * PRICES.readUnit + closing.write * PRICES.writeUnit);
    periods.push([points, opened.points, opening.read, closing.read, closing.write, sealedPages, again.write, perMonth]);
  }
  printTable(
    `Opening and closing an ISO week; one enterprise in ${PAGES_PER_MISS} has a miss`,
    ['points', 'open', 'opening RRU', 'closing RRU', 'closing WRU', 'pages with a miss', 'closing again WRU', '$ per month'],
    periods,
  );
}

export async function benchUnits(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const emulator = await startEmulator({ folder, port: await freePort(), enforceIam: false });
  Object.assign(process.env, TABLES, {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
  try {
    await count();
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
