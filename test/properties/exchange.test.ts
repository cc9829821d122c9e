/** A row goes to any platform's form and back unchanged, and what a platform would refuse is said before it is sent. */
import fc from 'fast-check';
import { registerEnterprise } from '../../functions/serve-register/api.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { EXCHANGE_TABLES, type ExchangeRow } from '../../shared/domain/exchange.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { checkRow, type RowFault } from '../../shared/exchange/check-row.ts';
import {
  fromPlatform,
  PROFILE_NAMES,
  PROFILES,
  type Profile,
  type ProfileName,
  toPlatform,
} from '../../shared/exchange/profile.ts';
import { batchesOf, NOTHING_SENT, type Sendable, toSend } from '../../shared/exchange/sending.ts';
import { type ExchangeColumn, isDeleted, TABLES } from '../../shared/exchange/tables.ts';
import { Exchanged, ReceivingCounty, rowsNow } from '../support/exchange-county.ts';
import { usccOf } from '../support/lists.ts';
import { eventsIn, PlayedCounty } from '../support/played-county.ts';
import { committee, department, enterpriseBody } from '../support/register-api.ts';

const CODE = '533102001';
const codeOf = (uscc: string) => (uscc === usccOf(1) ? CODE : undefined);
const CODES = { [CODE]: usccOf(1) };
const two = (most: number, least = 0) => fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'));
const day = fc.tuple(two(12, 1), two(28, 1)).map(([month, date]) => `2026-${month}-${date}`);
const time = fc
  .tuple(day, two(23), two(59), two(59))
  .map(([date, hours, minutes, seconds]) => `${date} ${hours}:${minutes}:${seconds}`);
const words = fc
  .string({ unit: fc.constantFrom(...'储罐泄漏=,"a1;\n'), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '');
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });

const cellOf = ({
  kind,
  codes: of = {},
  range: [least, greatest] = [0, 9],
  most = 1,
}: ExchangeColumn): fc.Arbitrary<string | number> => {
  switch (kind) {
    case 'id':
      return hex;
    case 'credit-code':
      return fc.constant(usccOf(1));
    case 'code':
      return fc.constantFrom(...Object.keys(of));
    case 'integer':
      return fc.integer({ min: least, max: greatest });
    case 'time':
      return time;
    case 'day':
      return day;
    case 'telephone':
      return fc.constant('0692-4141234');
    case 'text':
      return words.map((text) => text.slice(0, most));
  }
};
const sendables: fc.Arbitrary<Sendable> = fc.constantFrom(...EXCHANGE_TABLES).chain((table) => {
  const row = fc.record(Object.fromEntries(TABLES[table].columns.map((column) => [column.name, cellOf(column)])), {
    requiredKeys: TABLES[table].columns.flatMap(({ name, isRequired }) => (isRequired === true ? [name] : [])),
  });
  return row.map((made): Sendable => ({ table, row: { ...made, updateDate: `2027${String(made.createDate).slice(4)}` } }));
});

test('a row goes to every platform and comes back unchanged, or it is said why it would be refused', () => {
  fc.assert(
    fc.property(sendables, fc.constantFrom<Profile>(...Object.values(PROFILES)), ({ table, row }, profile) => {
      const written = toPlatform(table, row, profile, codeOf);
      if (!('row' in written)) return expect(written.faults.length).toBeGreaterThan(0);
      expect(fromPlatform(table, written.row, profile, CODES)).toEqual({ row, faults: [] });
      expect(checkRow(table, row).faults).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const register = fc.dictionary(fc.constantFrom('R-1', 'R-2', 'R-3'), fc.constantFrom<Colour>('RED', 'ORANGE', 'YELLOW', 'BLUE'), {
  minKeys: 1,
  noNullPrototype: true,
});

test('whatever the register, an empty county takes its rows in any platform’s form, and exports the same rows again', async () => {
  const run = async (risks: Readonly<Record<string, Colour>>, profile: ProfileName, isFound: boolean) => {
    const county = new PlayedCounty();
    await county.enterprise(1, risks);
    const nos = Object.keys(risks);
    await county.round(1, nos, 0, isFound ? nos[0] : undefined);
    const sent = rowsNow(county, new Exchanged()).filter(
      ({ table, row }) => table !== 'object' || row.hazardCode !== row.creditCode,
    );
    const other = new ReceivingCounty();
    await other.ask(registerEnterprise, department, {}, enterpriseBody(1));
    const taken: Sendable[] = [];
    for (const batch of batchesOf(toSend(sent, NOTHING_SENT))) {
      const form = batch.rows.flatMap((row) => {
        const each = toPlatform(batch.table, row, PROFILES[profile], codeOf);
        expect(each.faults).toEqual([]);
        return 'row' in each ? [{ row, written: each.row }] : [];
      });
      const answer = await other.send(
        batch.table,
        form.map((each) => each.written),
        committee,
        { profile, codes: { [CODE]: usccOf(1) } },
      );
      expect(answer.rows.filter(({ outcome }) => outcome !== 'received')).toEqual([]);
      taken.push(...form.map(({ row }) => ({ table: batch.table, row })));
    }
    const again = new Exchanged().next(eventsIn(other.tables)).filter(({ isReceived }) => isReceived);
    const lines = (rows: Iterable<Sendable>) => [...rows].map(({ table, row }) => `${table} ${canonical(row)}`).sort();
    expect(lines(again)).toEqual(lines(taken));
    expect(lines(await other.all(usccOf(1)))).toEqual(lines(taken));
  };
  for (const profile of PROFILE_NAMES)
    await fc.assert(
      fc.asyncProperty(register, fc.boolean(), (risks, isFound) => run(risks, profile, isFound)),
      { numRuns: 3 },
    );
});

test('a platform’s row that is not of its form is refused by the names that the platform has', async () => {
  const other = new ReceivingCounty();
  await other.ask(registerEnterprise, department, {}, enterpriseBody(1));
  const object = { id: 'a'.repeat(32), companyCode: CODE, deleted: '0', createDate: '20260301080530', hazardCode: 'H1' };
  const form = { profile: 'cmsr', codes: { [CODE]: usccOf(1) } };
  const row = { ...object, updateDate: '20260301080530' };
  const answers = [
    await other.send('object', [{ ...row, creditCode: usccOf(1), updateDate: '2026' }, row], committee, form),
    await other.send('object', [row], committee, { profile: 'cmsr' }),
  ];
  expect(answers.map(({ rows }) => rows.map(({ errors }) => errors.map(({ column, code }) => `${column} ${code}`)))).toEqual([
    [['creditCode unknown-column'], []],
    [['companyCode no-company-code']],
  ]);
});

test('a code of an enterprise that is none, or another’s, is refused where the platform has codes, and one that nobody knows where its credit code has another', () => {
  const of = (profile: Profile, row: object, codes = {}) =>
    fromPlatform('object', { hazardCode: 'H1', ...row }, profile, codes).faults.map(({ column, code }) => `${column} ${code}`);
  const { cmsr, wwyt } = PROFILES;
  const creditCode = usccOf(1);
  const WRONG = ['creditCode not-a-company-code'];
  const UNKNOWN = ['creditCode no-company-code'];
  for (const companyCode of ['x', '53310200', '5331020011', 'toString']) {
    expect(of(cmsr, { companyCode }, CODES)).toEqual(WRONG);
    expect(of(wwyt, { companyCode, creditCode }, CODES)).toEqual(WRONG);
  }
  expect(of(cmsr, { companyCode: '533102002' }, CODES)).toEqual(UNKNOWN);
  // Another's code, one beside the enterprise's own, and one that says nothing as there is no other.
  expect(of(wwyt, { companyCode: CODE, creditCode: usccOf(2) }, CODES)).toEqual(UNKNOWN);
  expect(of(wwyt, { companyCode: '533102002', creditCode }, CODES)).toEqual(UNKNOWN);
  expect(of(wwyt, { companyCode: '533102002' }, CODES)).toEqual(UNKNOWN);
  expect(of(wwyt, { companyCode: '533102002', creditCode })).toEqual([]);
  expect(of(wwyt, { companyCode: Number(CODE), creditCode }, CODES)).toEqual([]);
  expect(of(wwyt, { companyCode: ' ', creditCode }, CODES)).toEqual([]);
});

const HAZARD: ExchangeRow = {
  ...{
    id: 'a'.repeat(32),
    creditCode: usccOf(1),
    deleted: '0',
    createDate: '2026-03-01 08:05:30',
    updateDate: '2026-03-02 09:00:00',
  },
  ...{ hazardCode: 'H1', dangerName: '护栏破损', dangerLevel: '0', registTime: '2026-03-01 08:05:30', registrant: '班组长' },
  ...{ dangerSrc: '1', dangerManageType: '1', hazardDangerType: '8', hazardCategory: '0', dangerDesc: '护栏破损' },
  ...{ dangerState: '0', dangerManageDeadline: '2026-03-10', dangerImg: 'evidence/1' },
};

test('a profile renames, writes times and counts characters as its platform does', () => {
  const row = HAZARD;
  const { cmsr, wwyt, hti } = PROFILES;
  expect(toPlatform('hazard', row, cmsr, codeOf)).toMatchObject({
    row: { companyCode: '533102001', createDate: '20260301080530', dangerManageDeadline: '20260310000000' },
  });
  expect(toPlatform('hazard', row, hti, codeOf)).toMatchObject({ row: { creditCode: usccOf(1), attachments1: 'evidence/1' } });
  const pictures = { ...row, dangerAcceptImg: 'evidence/2', dangerOtherImg: 'evidence/3' };
  const written = { attachments1: 'evidence/1', attachments2: 'evidence/2', attachments3: 'evidence/3' };
  expect(toPlatform('hazard', pictures, hti, codeOf)).toMatchObject({ row: written });
  const codes = (of: { readonly faults: readonly RowFault[] }) => of.faults.map(({ column, code }) => `${column} ${code}`);
  expect(codes(toPlatform('hazard', pictures, cmsr, codeOf))).toEqual(['dangerOtherImg no-such-column']);
  // One takes half as many Chinese characters, and all of who accepted it, when and how, or nothing of it.
  const refused = toPlatform('hazard', { ...row, dangerName: '长'.repeat(200), checkAcceptPerson: '安委办' }, wwyt, codeOf);
  expect(codes(refused)).toEqual(['dangerName too-long', 'checkAcceptTime missing', 'checkAcceptComment missing']);
  // What is not confirmed yet is taken, and told to none of them.
  expect(checkRow('hazard', { ...row, dangerState: '-1' }).faults).toEqual([]);
  expect(codes(toPlatform('hazard', { ...row, dangerState: '-1' }, hti, codeOf))).toEqual(['dangerState not-a-code']);
  // A platform that writes days alone is told days, and what comes from it is of their beginning.
  const days: Profile = { ...hti, time: 'yyyy-MM-dd' };
  expect(toPlatform('hazard', row, days, codeOf)).toMatchObject({ row: { createDate: '2026-03-01', registTime: '2026-03-01' } });
  expect(fromPlatform('hazard', { createDate: '2026-03-01' }, days, CODES)).toEqual({
    row: { createDate: '2026-03-01 00:00:00' },
    faults: [],
  });
  const unknown = toPlatform('hazard', row, cmsr, () => undefined);
  expect(unknown.faults).toMatchObject([{ column: 'creditCode', code: 'no-company-code' }]);
});

test('who accepted a case is said as not accepted where a platform always asks, and comes back as nothing', () => {
  const { wwyt } = PROFILES;
  const written = toPlatform('hazard', HAZARD, wwyt, codeOf);
  expect(written).toMatchObject({
    row: { checkAcceptPerson: '未验收', checkAcceptTime: '2026-03-02 09:00:00', checkAcceptComment: '未验收' },
    placeholders: [{ column: 'checkAcceptPerson' }, { column: 'checkAcceptTime' }, { column: 'checkAcceptComment' }],
  });
  expect(fromPlatform('hazard', 'row' in written ? written.row : {}, wwyt, CODES)).toEqual({ row: HAZARD, faults: [] });
  // Of a case that is accepted nobody else can say it.
  const accepted = toPlatform('hazard', { ...HAZARD, dangerState: '9', checkAcceptPerson: '安委办' }, wwyt, codeOf);
  expect(accepted.faults.map(({ column }) => column)).toEqual(expect.arrayContaining(['checkAcceptTime', 'checkAcceptComment']));
});

test('a platform’s numbers are texts and its blanks are nothing, and our own form takes neither', () => {
  const { cmsr } = PROFILES;
  const sent = {
    ...{
      companyCode: Number(CODE),
      deleted: 0,
      createDate: 20260301080530,
      dangerState: 0,
      cost: 1.5,
      dangerReason: ' ',
      cause: '',
    },
    ...{ liablePerson: null, enforcementId: '' },
  };
  const { cause: _, ...known } = sent;
  expect(fromPlatform('hazard', known, cmsr, CODES)).toEqual({
    row: { creditCode: usccOf(1), deleted: '0', createDate: '2026-03-01 08:05:30', dangerState: '0', cost: '1.5' },
    faults: [],
  });
  expect(fromPlatform('hazard', sent, cmsr, CODES).faults).toMatchObject([{ column: 'cause', code: 'unknown-column' }]);
  const task = fromPlatform('task', { checkCycle: 7, taskNum: null }, cmsr, CODES);
  expect(task).toEqual({ row: { checkCycle: 7 }, faults: [] });
  expect(checkRow('hazard', { ...HAZARD, dangerState: 0 }).faults).toMatchObject([{ code: 'not-a-text' }]);
  expect(checkRow('hazard', { ...HAZARD, dangerReason: '' }).faults).toMatchObject([{ code: 'blank' }]);
});

test('every row is sent once, in batches of twenty of one table, no parent after its child and no deleted parent before it', () => {
  fc.assert(
    fc.property(fc.array(sendables, { maxLength: 60 }), (rows) => {
      const sent = [...batchesOf(toSend(rows, NOTHING_SENT))];
      const all = sent.flatMap(({ table, rows: of }) => of.map((row) => ({ table, row })));
      expect(new Set(all.map(({ table, row }) => `${table} ${row.id}`))).toEqual(
        new Set(rows.map(({ table, row }) => `${table} ${row.id}`)),
      );
      for (const { rows: of } of sent) expect(of.length).toBeLessThanOrEqual(20);
      const places = (deleted: boolean) =>
        all.flatMap(({ table, row }) => (isDeleted(row) === deleted ? [EXCHANGE_TABLES.indexOf(table)] : []));
      expect(places(false)).toEqual(places(false).toSorted((a, b) => a - b));
      expect(places(true)).toEqual(places(true).toSorted((a, b) => b - a));
    }),
    { numRuns: 40 },
  );
});
