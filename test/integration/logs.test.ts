import { randomBytes, randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { makeSubscription } from '../../functions/serve-channels/api.ts';
import { readEnterprise } from '../../functions/serve-register/api.ts';
import { submitRound } from '../../functions/submit-round/api.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { casesOf } from '../support/cases.ts';
import { at, freshKey, PHONE, registeredWorks, SURNAME, theCounty } from '../support/works.ts';

test('what was done well, badly and against the rules leaves no token, telephone number or name in any log', async () => {
  const county = await theCounty();
  const { api, cloud } = county;
  if (!cloud.isOurs) return; // whose logs we may not read
  const when = at('2026-09-01 09:00');
  const works = await registeredWorks(api, when, 'RED');
  const hazard = await casesOf(county).report(works, when, { description: `${SURNAME}发现的漏点，联系电话${PHONE}` });
  await casesOf(county).settled(hazard, 'AwaitGrading');
  const secret = '密级文字不得外泄';
  const item = { riskNo: riskNo('R1'), result: 'not-applicable' as const, reason: secret };
  await api(submitRound, { as: works.post, at: when, key: freshKey(), body: { checkedAt: when, items: [item] } });
  const stranger = await registeredWorks(api, when, 'RED');
  await expect(api(readEnterprise, { as: stranger.head, at: when, params: { uscc: works.uscc } })).rejects.toMatchObject({
    status: 404,
  });
  const token = await cloud.token('auditor');
  for (const [headers, body] of [
    [{ authorization: `Bearer ${token}x` }, undefined],
    [{ authorization: `Basic ${secret.length}` }, undefined],
    [{ authorization: `Bearer ${token}`, 'idempotency-key': freshKey() }, JSON.stringify({ name: SURNAME, phone: PHONE })],
    [{ authorization: `Bearer ${token}`, 'idempotency-key': freshKey() }, `{ "name": "${SURNAME}"`],
  ] as const) {
    await fetch(`${cloud.apiUrl}/v1/hazards`, { method: body === undefined ? 'GET' : 'POST', headers, ...(body && { body }) });
  }

  // Where a receiver's address is pasted, rightly and wrongly: the whole of it is as good as a password.
  const robotKey = randomUUID();
  const signing = `whsec_${randomBytes(32).toString('base64')}`;
  const address = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${robotKey}`;
  const group = { name: '班组群', channel: 'wecom' as const, scope: { of: 'enterprise' as const, uscc: works.uscc }, address };
  const connect = (body: z.input<NonNullable<(typeof makeSubscription)['body']>>) =>
    api(makeSubscription, { as: works.manager, at: when, key: freshKey(), body });
  await connect(group);
  for (const wrong of [
    { ...group, address: address.replace('qyapi.weixin.qq.com', 'qyapi.example.org') },
    { ...group, channel: 'webhook' as const, address: `http://10.0.0.1/hooks?key=${robotKey}`, secret: signing },
  ]) {
    await expect(connect(wrong)).rejects.toMatchObject({ status: expect.any(Number) });
  }

  const text = (await cloud.logLines()).join('\n');
  // That it is the right log, and that refusals are told by their codes.
  for (const told of ['serve-register', 'serve-hazards', 'serve-channels', 'not-found', 'token-refused'])
    expect(text).toContain(told);
  const signatures = [token, await cloud.tokenOf(works.head)].map((whole) => whole.split('.')[2] ?? '');
  for (const secretText of [...signatures, 'Bearer ey', PHONE, SURNAME, '欧阳', secret, '漏点', robotKey, signing]) {
    expect([secretText, text.includes(secretText)]).toEqual([secretText, false]);
  }
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
});
