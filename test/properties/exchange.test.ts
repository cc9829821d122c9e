/** A row goes to any platform's form and back unchanged, and what a platform would refuse is said before it is sent. */
import fc from 'fast-check';
import { registerEnterprise } from '../../functions/serve-register/api.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { EXCHANGE_TABLES, type ExchangeRow } from '../../shared/domain/exchange.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { checkRow } from '../../shared/exchange/check-row.ts';
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
const creditCodeOf = (code: string) => (code === CODE ? usccOf(1) : undefined);
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
      expect(fromPlatform(table, written.row, profile, creditCodeOf)).toEqual({ row, faults: [] });
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
        // One platform takes no case before it is accepted: nothing else is ever refused.
        if (!('row' in each)) expect([profile, batch.table]).toEqual(['wwyt', 'hazard']);
        return 'row' in each ? [{ row, written: each.row }] : [];
      });
      if (form.length === 0) continue;
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

test('a profile renames, writes times and counts characters as its platform does', () => {
  const row: ExchangeRow = {
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
  const { cmsr, wwyt, hti } = PROFILES;
  expect(toPlatform('hazard', row, cmsr, codeOf)).toMatchObject({
    row: { companyCode: '533102001', createDate: '20260301080530', dangerManageDeadline: '20260310000000' },
  });
  expect(toPlatform('hazard', row, hti, codeOf)).toMatchObject({ row: { creditCode: usccOf(1), attachments1: 'evidence/1' } });
  // One asks who accepted it before anybody could have, and takes half as many Chinese characters.
  const refused = toPlatform('hazard', { ...row, dangerName: '长'.repeat(200) }, wwyt, codeOf);
  expect(refused.faults.map(({ column, code }) => `${column} ${code}`)).toEqual([
    'dangerName too-long',
    ...['checkAcceptPerson missing', 'checkAcceptTime missing', 'checkAcceptComment missing'],
  ]);
  const unknown = toPlatform('hazard', row, cmsr, () => undefined);
  expect(unknown.faults).toMatchObject([{ column: 'creditCode', code: 'no-company-code' }]);
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
