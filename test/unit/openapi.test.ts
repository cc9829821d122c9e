import * as z from 'zod';
import { handler } from '../../functions/serve-documentation/handler.ts';
import { openApiDocument } from '../../infra/openapi.ts';
import { riskNo } from '../../shared/domain/ids.ts';
import { defineRoute } from '../../shared/runtime/route.ts';
import { instantOut, instantText, line, named, pageOf } from '../../shared/runtime/schemas.ts';

const add = defineRoute({
  operation: 'AddRisk',
  method: 'POST',
  path: '/v1/risks/{no}',
  summary: '新增风险点',
  params: z.strictObject({ no: named(riskNo) }),
  body: z.strictObject({ name: line(50), from: instantText }),
  output: z.strictObject({ no: named(riskNo), at: instantOut }),
  status: 201,
});
const list = defineRoute({
  operation: 'ReadRisk',
  method: 'GET',
  path: '/v1/risks',
  summary: '风险点清单',
  query: z.strictObject({ limit: z.coerce.number().int().default(50) }),
  output: pageOf(z.strictObject({ no: named(riskNo) })),
});

const document = openApiDocument(
  [
    { tag: '风险', route: add },
    { tag: '风险', route: list },
  ],
  '瑞丽市',
  [{ method: 'GET', path: '/public/draws/{authority}', summary: '一个机关的各期抽查' }],
);

test('every route stands in the document with its request, its answer, its problems and the roles that may', () => {
  const operation = document.paths?.['/v1/risks/{no}']?.post;
  expect(document.openapi).toBe('3.1.0');
  expect(operation).toMatchObject({ summary: '新增风险点', description: expect.stringContaining('safety-manager') });
  expect(operation?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { required: ['name', 'from'], additionalProperties: false } } },
  });
  expect(Object.keys(operation?.responses ?? {})).toEqual(['201', '400', '401', '403', '404', '409', '422']);
});

test('a write asks for an idempotency key and a read does not', () => {
  const names = (parameters: unknown) => (parameters as { name: string }[]).map(({ name }) => name);
  expect(names(document.paths?.['/v1/risks/{no}']?.post?.parameters)).toEqual(['no', 'Idempotency-Key']);
  expect(names(document.paths?.['/v1/risks']?.get?.parameters)).toEqual(['limit']);
});

test('what lies open to everybody is documented as such: it asks for no token', () => {
  expect(document.security).toEqual([{ bearer: [] }]);
  expect(document.paths?.['/public/draws/{authority}']?.get).toMatchObject({
    ...{ summary: '一个机关的各期抽查', security: [] },
    parameters: [{ name: 'authority', in: 'path', required: true }],
  });
});

test('the page loads nothing from another host and forbids it to the browser', async () => {
  const answer = await handler({ routeKey: 'GET /docs' } as Parameters<typeof handler>[0]);
  expect(answer.body).not.toMatch(/https?:\/\//);
  expect(answer.headers?.['content-security-policy']).toContain("default-src 'none'");
});
