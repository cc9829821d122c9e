import { expect, test } from '@jest/globals';
import { localCloud } from '../support/local-cloud.ts';

test('the deployed county shows its documentation to everybody and its records to nobody without a token', async () => {
  const { apiUrl } = await localCloud();
  const documentation = await fetch(`${apiUrl}/openapi.json`);
  expect(await documentation.json()).toMatchObject({ openapi: '3.1.0' });
  const refused = await fetch(`${apiUrl}/v1/ledger/days/2026-03-01`);
  expect(refused.status).toBe(401);
});
