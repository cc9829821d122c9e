import { recount } from '../../infra/local/sample/recount.ts';
import { instant } from '../../shared/domain/calendar.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';

const uscc = creditCode('91350100M000100Y43');
const owner = enterpriseOwner(uscc);
const RISK = `RISK#${uscc}#R1`;
const LIST = `ENT#${uscc}`;

const event = (at: string, type: string, subject: string, data: unknown): LedgerEvent => ({
  id: `${subject}:1`,
  at: instant(`2026-06-${at}:00+08:00`),
  county: countyCode('533102'),
  colour: 'NONE',
  subject,
  sequence: 1,
  type,
  data,
  actor: { id: personId('p-1'), role: 'head', owner },
  schema: 1,
});
const graded = (colour: Colour) => ({ residual: { colour } });
const added = (colour: Colour) =>
  event('01T00:10', 'RiskAdded', RISK, { owner, no: 'R1', list: 1, grades: graded(colour), content: { workshop: '一车间' } });
const signed = (at = '01T00:20') => event(at, 'RiskListSigned', LIST, { list: 1 });
const round = (received: string, claimed: string, n = received) =>
  event(received, 'RoundSubmitted', `ROUND#${n}`, { onTime: ['R1'], checkedAt: instant(`2026-06-${claimed}:00+08:00`) });

test('a red point that was checked once was missed on every other day of the month', () => {
  const { RED } = recount([added('RED'), signed(), round('03T09:00', '03T08:00')], '2026-06');
  expect(RED).toEqual({ due: 30, onTime: 1, madeUpLate: 0, missed: 29, suspended: 0 });
});

test('a list that nobody signed owes nothing', () => {
  expect(recount([added('RED')], '2026-06').RED.due).toBe(0);
});

test('a check received after its window is made up late and stays so', () => {
  const events = [added('YELLOW'), signed(), round('16T00:01', '15T23:50'), round('20T09:00', '20T09:00')];
  expect(recount(events, '2026-06').YELLOW).toEqual({ due: 2, onTime: 1, madeUpLate: 1, missed: 0, suspended: 0 });
});

test('a week counts to the month in which it ends', () => {
  const { ORANGE } = recount([added('ORANGE'), signed()], '2026-06');
  expect(ORANGE.due).toBe(4); // the week from 29 June ends in July
});

test('a point that is raised owes the stricter window at once and its old one to the end', () => {
  const raised = event('20T10:00', 'RiskRegraded', RISK, { grades: graded('RED'), from: 'BLUE', to: 'RED' });
  const figures = recount([added('BLUE'), signed(), raised], '2026-06');
  expect(figures.BLUE).toMatchObject({ due: 1, missed: 1 });
  expect(figures.RED).toMatchObject({ due: 11, missed: 11 });
});

test('a point that is lowered owes its old window to the end, and the laxer one from there', () => {
  const lowered = event('20T10:00', 'RiskRegraded', RISK, { grades: graded('BLUE'), from: 'RED', to: 'BLUE' });
  const figures = recount([added('RED'), signed(), lowered, round('25T10:00', '25T10:00')], '2026-06');
  expect(figures.RED).toMatchObject({ due: 20, missed: 20 });
  expect(figures.BLUE).toMatchObject({ due: 1, onTime: 1 });
});

test('one check clears the old window of a point that was lowered and the laxer one', () => {
  const lowered = event('10T14:00', 'RiskRegraded', RISK, { grades: graded('BLUE'), from: 'ORANGE', to: 'BLUE' });
  const before = round('09T10:00', '09T10:00');
  const between = round('13T10:00', '13T10:00');
  expect(recount([added('ORANGE'), signed(), before, lowered], '2026-06').BLUE).toMatchObject({ due: 1, missed: 1 });
  const both = recount([added('ORANGE'), signed(), lowered, between], '2026-06');
  expect(both.ORANGE).toMatchObject({ due: 2, onTime: 1, missed: 1 });
  expect(both.BLUE).toMatchObject({ due: 1, onTime: 1 });
});

test('a stop excuses the windows that end inside it if it was approved before their end', () => {
  const stop = event('10T12:00', 'SuspensionApproved', LIST, {
    id: 's1',
    scope: { of: 'workshop', workshop: '一车间' },
    from: instant('2026-06-08T00:00:00+08:00'),
    until: instant('2026-06-13T00:00:00+08:00'),
    approvedAt: instant('2026-06-10T12:00:00+08:00'),
  });
  // Approved on the 10th for the 8th on: the 8th and 9th had ended; the windows of 10, 11 and 12 June are excused.
  expect(recount([added('RED'), signed(), stop], '2026-06').RED).toMatchObject({ due: 30, suspended: 3, missed: 27 });
});
