/**
 * What lies in the tables of a county outlives every deployment. A shape that changes here makes one of these tests fail: then say how
 * items of the old shape are read (a new optional member, a new `schema` number, a migration), test that, and write the new hash down.
 */
import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { SchemaDTO } from 'dynamodb-toolbox/schema/actions/dto';
import { dynamoHazardListStore } from '../../shared/data/hazard-list-store.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { sourcesOf } from '../support/sources.ts';
import { shapeHashes, storedFacts, storedWhole } from '../support/type-shapes.ts';

/** Every entity of shared/data, by the name that stands on its items. */
async function entities(): Promise<readonly Entity[]> {
  const found: Entity[] = [];
  for (const { path } of sourcesOf('shared/data')) {
    const store = (await import(`../../${path}`)) as object;
    found.push(...Object.values(store).filter((value): value is Entity => value instanceof Entity));
  }
  return found;
}

test('the items of every table are as they were when counties began to store them', async () => {
  const hashes = (await entities()).map((entity) => {
    const schema = JSON.stringify(new SchemaDTO(entity.schema));
    return [entity.entityName, createHash('sha256').update(schema).digest('hex').slice(0, 12)];
  });
  expect(Object.fromEntries(hashes)).toEqual({
    ADDRESS: 'cf5f744054f4',
    ANSWER: '0dd04e0d93ed',
    AUDIT: '44858ff9dc16',
    COMMAND: 'b7aea4fd6c4a',
    CURSOR: 'ffbd0ffd5137',
    DELIVERY: 'c41cc8b2023a',
    DRAW: '4a1691050de7',
    DRAW_PERIOD: '15c1289024c6',
    DRAW_SECRET: '4031f65686f9',
    DRAW_TOKEN: '45a2bf6728f0',
    DUTY: '00d8fe57309c',
    EVENT: '78f754c5166d',
    EXC: 'd7795f2943fd',
    EXCHANGE_ARRIVAL: '14f58af00392',
    EXCHANGE_ROW: 'aed59d9af660',
    EXPORT: '29ad77f498e9',
    EXPORT_FILES: 'd033d87219c7',
    EXPORT_PLAN: '3b4556755b67',
    EXPORT_SERIES: '536d1d874c99',
    EXPORT_SLICE: '701b79363b51',
    'GRID-DEPARTMENT': 'c60d94327ff6',
    'GRID-TARGET': '4aa684b9aa4f',
    'GRID-TOWNSHIP': '71db711ff248',
    HAZARD: '0d3022622cf4',
    'HAZARD-LIST': '81d293bbd191',
    HAZARD_TOKEN: 'eb3295a0e392',
    IMPORT: '431d1acbe780',
    INSPECTOR: '520506ff6755',
    INSTALLATION: '29bc5fbd655d',
    'ITEM-LIST': '24adecb2561e',
    'KEY-UNITS': 'cfff164ecc3d',
    'LOG-BATCH': '60e756862a57',
    'LOG-COSIGNED': '78601166d212',
    'LOG-FINDING': 'c37cc423f754',
    'LOG-HEAD': 'e1f6cfec71bf',
    'LOG-PLACES': 'd700afc4f98e',
    'LOG-RECONCILED': '0bb35428a2a7',
    'LOG-SIGNED': 'd4ad852b4729',
    MESSAGE: '6501b90acbfd',
    OPEN_EXPORT: '869b84be886a',
    OUTBOX: '2a4a81d0b2f3',
    OWNER: '3143990e87e4',
    PERSONAL: '8dd433fc6c40',
    PLAN: 'a00d31125332',
    RECEIVER: 'bc6c09e775fe',
    'REMINDER-CURSOR': '4fe136784459',
    RISK: '2790ed0701ab',
    SERIES: '174f8a89e8ee',
    STOP: '7782bc89a00d',
    SUBSCRIPTION: 'b2630748a64a',
    TASK: '53f1a48a7ff2',
    TEAM: '92b260f384cf',
    VISIT: '7c673586fa61',
  });
});

test('what is stored whole is as it was: cases, jobs, events', () => {
  expect(shapeHashes(storedWhole())).toEqual({
    Audit: '05981b4b8b12',
    CosignedHeads: '4102f6e6f2b0',
    Delivery: 'fdb470f250a8',
    DepartmentGrid: 'eace7d981e05',
    Draw: '233f0ca0154a',
    Export: '410a6f296e6f',
    ExportSeries: '90de2f5cc727',
    FilesPage: 'ac04c6f7a1ae',
    GridTargetState: 'a2a39f728f61',
    Hazard: '4098ba2f1852',
    ImportJob: '45e0af29d70e',
    InspectionPlan: 'b31c1e360cda',
    Inspector: '0d391bb66ca6',
    ItemList: '8435a558df83',
    KeyUnits: 'b174dd883a57',
    LedgerEvent: '07dd9e3c3a97',
    Message: 'f14f70e23154',
    Outbox: '18de0eb55efb',
    Proving: 'f18441fb65a6',
    ReceivedRow: '482e3579d2b3',
    Receiver: '6f3a0b01649b',
    RegisterOwner: '9a77860d668d',
    RiskKey: 'a2ce764a4697',
    RiskPoint: '16dd4d859b0f',
    SaltedValues: '6393446dcec0',
    Series: 'f7fe9404c9aa',
    SignedHead: '6caff0e2276e',
    Subscription: 'b61150ddfccd',
    Suspension: '51dfc7e56c8d',
    Task: '7a2b40507dbf',
    TownshipGrid: 'cf55cb8cabd3',
  });
});

test('what the ledger says of each fact is as it was', () => {
  expect(shapeHashes(storedFacts())).toEqual({
    AuditFact: 'a9645d551a4d',
    DrawFact: '41d0a6bfb57c',
    ExchangeFact: '1a0c6cc6cfba',
    ExportFact: 'd1d3c98a5ca3',
    GridFact: '235c6b0f8b03',
    GridTargetFact: '697418eadcfd',
    HazardFact: '74427256d66c',
    InspectionPlanFact: '42e71c67bca7',
    InspectorFact: 'b8cd46b814f1',
    ItemListFact: 'ac5a9143c647',
    KeyUnitFact: '4fbafdf3b716',
    LedgerFact: '59c2e075a5d9',
    OutboxFact: '7ccd4848c672',
    OwnerFact: '50d51dad0f31',
    PersonalFact: 'd482b30cfcde',
    RiskFact: '767a54a6ea24',
    RoundSubmitted: '7388688ddad7',
    SealAmended: '9a4272573e62',
    SealingFact: '8fea9db520dd',
    SeenFact: '7d73fd19f62d',
    SeriesFact: '832a0116d363',
    SubscriptionFact: 'd811d1491359',
    TaskFact: '4b6c1d5462d4',
  });
});

test('a monthly list from before it was kept when each hazard was listed counts them from its first submission', async () => {
  memoryTables();
  const uscc = creditCode('91350100M000100Y43');
  const [firstAt, submittedAt] = ['2026-03-30T01:00:00.000Z', '2026-04-02T01:00:00.000Z'];
  const Item = {
    ...{ pk: '533102#NONE', sk: `LIST#${uscc}#2026-03`, _et: 'HAZARD-LIST', version: 2 },
    ...{ hazards: ['R0123456789ABCDE1'], firstAt, submittedAt, submittedBy: 'wang' },
  };
  await documentClient.send(new PutCommand({ TableName: 'REGISTER_TABLE', Item }));
  expect(await dynamoHazardListStore(countyCode('533102')).load(uscc, '2026-03')).toEqual({
    ...{ version: 2, firstAt, submittedAt, submittedBy: 'wang' },
    hazards: [{ id: 'R0123456789ABCDE1', listedAt: firstAt }],
  });
});
