import * as api from '../../functions/serve-register/api.ts';
import { instant, periodAt } from '../../shared/domain/calendar.ts';
import { type DutyPage, pointOf, slotState } from '../../shared/domain/duty-page.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { usccOf } from '../support/lists.ts';
import { assessed, type RegisterApi, registerApi, riskContent, staff } from '../support/register-api.ts';

const { head, manager, holder } = staff();
const params = { uscc: usccOf(1) };
let county: RegisterApi;
beforeEach(async () => {
  county = await registerApi();
});

/** What a slot of a point is at an instant, by the page of a colour. */
async function slots(colour: DutyPage['colour'], no: string, from: string, at: string, workshop = '储运车间') {
  const cadence = ({ RED: 'day', ORANGE: 'week', YELLOW: 'half-month', BLUE: 'month' } as const)[colour];
  const { page } = await county.duties.page({ owner: `ENT:${usccOf(1)}`, workshop, colour });
  const point = pointOf(page, riskNo(no));
  const when = (text: string) => instant(`${text.replace(' ', 'T')}:00+08:00`);
  return point && slotState(point, cadence, periodAt(cadence, when(from)), when(at));
}

describe('in the middle of a period', () => {
  beforeEach(async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW' });
    await county.sign('2026-06-03 10:00');
  });

  test('sign-off: the duty begins with the period that contains it', async () => {
    expect(await slots('YELLOW', 'R-1', '2026-06-03 10:00', '2026-06-03 10:00')).toBe('open');
    expect(await slots('YELLOW', 'R-1', '2026-05-20 10:00', '2026-06-03 10:00')).toBeUndefined();
  });

  test('regrade up: the stricter duty is due at once, the open slot stays open to its end', async () => {
    await county.change(api.regradeRisk, manager, 'R-1', '2026-06-10 08:00', { assessments: assessed('RED'), because: '变化' });
    expect(await slots('RED', 'R-1', '2026-06-10 08:00', '2026-06-10 09:00')).toBe('open');
    expect(await slots('RED', 'R-1', '2026-06-09 08:00', '2026-06-10 09:00')).toBeUndefined();
    expect(await slots('YELLOW', 'R-1', '2026-06-10 08:00', '2026-06-10 09:00')).toBe('open');
    expect(await slots('YELLOW', 'R-1', '2026-06-16 08:00', '2026-06-16 09:00')).toBeUndefined();
  });

  test('regrade down: the laxer duty waits for the end of the open window', async () => {
    await county.change(api.regradeRisk, manager, 'R-1', '2026-06-10 08:00', { assessments: assessed('RED'), because: '变化' });
    await county.change(api.regradeRisk, head, 'R-1', '2026-06-17 08:00', { assessments: assessed('ORANGE'), because: '治理' });
    expect(await slots('RED', 'R-1', '2026-06-17 08:00', '2026-06-17 09:00')).toBe('open');
    expect(await slots('RED', 'R-1', '2026-06-18 08:00', '2026-06-18 09:00')).toBeUndefined();
    expect(await slots('ORANGE', 'R-1', '2026-06-18 08:00', '2026-06-18 09:00')).toBe('open');
  });

  test('a new point counts from its own signature, and retiring leaves what is open', async () => {
    await county.done(api.addRisk, manager, '2026-06-20 08:00', {
      params,
      body: { no: 'R-2', content: riskContent({ workshop: '储运车间' }), assessments: assessed('BLUE') },
    });
    expect(await slots('BLUE', 'R-2', '2026-06-20 08:00', '2026-06-20 09:00')).toBeUndefined();
    expect((await county.risk('R-1', '2026-06-20 09:00')).counts).toBe(true);
    await county.sign('2026-06-21 08:00');
    expect(await slots('BLUE', 'R-2', '2026-06-21 08:00', '2026-06-21 09:00')).toBe('open');
    await county.change(api.retireRisk, head, 'R-2', '2026-06-22 08:00', { because: '拆除' });
    expect(await slots('BLUE', 'R-2', '2026-06-22 08:00', '2026-06-22 09:00')).toBe('open');
    expect(await slots('BLUE', 'R-2', '2026-07-01 08:00', '2026-07-01 09:00')).toBeUndefined();
  });

  test('another workshop: this period is still checked in the old one, the next in the new', async () => {
    await county.change(api.changeRisk, manager, 'R-1', '2026-06-10 08:00', { content: riskContent({ workshop: '加油区' }) });
    expect(await slots('YELLOW', 'R-1', '2026-06-10 08:00', '2026-06-10 09:00')).toBe('open');
    expect(await slots('YELLOW', 'R-1', '2026-06-10 08:00', '2026-06-10 09:00', '加油区')).toBeUndefined();
    expect(await slots('YELLOW', 'R-1', '2026-06-16 08:00', '2026-06-16 09:00')).toBeUndefined();
    expect(await slots('YELLOW', 'R-1', '2026-06-16 08:00', '2026-06-16 09:00', '加油区')).toBe('open');
  });
});

describe('suspensions', () => {
  const stop = (more: object = {}) => ({
    kind: 'maintenance',
    scope: { of: 'workshop', workshop: '储运车间' },
    from: '2026-06-10T00:00:00+08:00',
    until: '2026-06-20T00:00:00+08:00',
    reason: '大修',
    approver: '赵六',
    ...more,
  });
  const approve = (more: object = {}, at = '2026-06-09 08:00', as = head) =>
    county.ask(api.approveSuspension, as, at, { params, body: stop(more) });
  beforeEach(async () => {
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'RED' });
    await county.sign('2026-06-01 09:00');
  });

  test('what lies inside is not due; lifting it makes the rest due again', async () => {
    const { status, body } = await approve();
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ kindName: '检修', approvedBy: head.id, isRunning: true, version: 1 }),
    ]);
    expect(await slots('RED', 'R-1', '2026-06-11 08:00', '2026-06-11 09:00')).toBe('suspended');
    const lift = { params: { ...params, id: body.id }, body: { version: 1, because: '提前完工' } };
    const lifted = await county.done(api.liftSuspension, manager, '2026-06-12 08:00', lift);
    expect(lifted).toMatchObject({ isRunning: false, version: 2, lifted: { because: '提前完工' } });
    expect(await slots('RED', 'R-1', '2026-06-11 08:00', '2026-06-12 09:00')).toBe('suspended');
    expect(await slots('RED', 'R-1', '2026-06-12 08:00', '2026-06-12 09:00')).toBe('open');
    const again = await county.ask(api.liftSuspension, manager, '2026-06-12 09:00', {
      ...lift,
      body: { ...lift.body, version: 2 },
    });
    expect(again.body.code).toBe('suspension-ended');
    const { items } = await county.done(api.listSuspensions, holder, '2026-06-12 10:00', { params, query: { running: 'false' } });
    expect(items.map(({ id }) => id)).toEqual([body.id]);
  });

  test('one that had not begun excuses nothing once it is lifted', async () => {
    const { body } = await approve();
    await county.done(api.liftSuspension, head, '2026-06-09 09:00', {
      params: { ...params, id: body.id },
      body: { version: 1, because: '取消' },
    });
    expect(await slots('RED', 'R-1', '2026-06-11 08:00', '2026-06-11 09:00')).toBe('open');
  });

  test('it covers a point that is signed or regraded while it runs', async () => {
    await approve();
    await county.done(api.addRisk, manager, '2026-06-11 08:00', {
      params,
      body: { no: 'R-2', content: riskContent({ workshop: '储运车间' }), assessments: assessed('RED') },
    });
    await county.sign('2026-06-11 09:00');
    expect(await slots('RED', 'R-2', '2026-06-11 09:00', '2026-06-11 10:00')).toBe('suspended');
    await county.change(api.regradeRisk, head, 'R-1', '2026-06-11 11:00', { assessments: assessed('ORANGE'), because: '治理' });
    expect(await slots('ORANGE', 'R-1', '2026-06-12 09:00', '2026-06-12 10:00')).toBe('suspended');
  });

  test.each([
    [{ until: '2026-06-09T00:00:00+08:00' }, 422, 'suspension-backwards'],
    [{ from: '2026-06-01T00:00:00+08:00', until: '2026-06-08T00:00:00+08:00' }, 422, 'suspension-over'],
    [{ from: '2026-06-30T23:59:00+08:00', until: '2026-07-01T00:00:00+08:00' }, 422, 'suspension-too-short'],
    [{ from: '2026-06-30T00:00:01+08:00', until: '2026-07-01T00:00:00+08:00' }, 422, 'suspension-too-short'],
    [{ until: '2027-06-09T00:00:00+08:00' }, 422, 'suspension-too-long'],
    [{ scope: { of: 'workshop', workshop: '食堂' } }, 422, 'unknown-workshop'],
    [{ scope: { of: 'points', points: ['R-1', 'R-9'] } }, 422, 'unknown-points'],
  ])('%j is refused', async (more, status, code) => {
    expect(await approve(more)).toMatchObject({ status, body: { code } });
  });

  test('an emergency stop is recorded after it began, and excuses only what ends after its approval', async () => {
    const emergency = { from: '2026-06-10T00:00:00+08:00', until: '2026-06-13T00:00:00+08:00' };
    expect((await approve(emergency, '2026-06-11 08:00')).status).toBe(201);
    expect(await slots('RED', 'R-1', '2026-06-10 23:00', '2026-06-11 09:00')).toBe('missed');
    expect(await slots('RED', 'R-1', '2026-06-11 08:00', '2026-06-11 09:00')).toBe('suspended');
  });

  test('what lies before the approval does not make a stop long enough', async () => {
    const stop = { from: '2026-06-29T23:59:00+08:00', until: '2026-07-01T00:00:00+08:00' };
    expect((await approve(stop, '2026-06-30 23:58')).body).toMatchObject({ code: 'suspension-too-short' });
  });

  test('a stop of just the shortest length is one', async () => {
    const day = { from: '2026-06-30T00:00:00+08:00', until: '2026-07-01T00:00:00+08:00' };
    expect((await approve(day)).status).toBe(201);
    const short = await approve({ ...day, from: '2026-06-30T12:00:00+08:00' });
    expect(short.body).toMatchObject({ field: 'until', why: { rule: 'suspension.shortest', origin: 'ours' } });
  });

  test('only the head approves', async () => {
    expect((await approve({}, '2026-06-09 08:00', manager)).status).toBe(403);
  });
});
