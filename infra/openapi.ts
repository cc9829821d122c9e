/** The OpenAPI 3.1 document, made from the routes that validate, authorise and are deployed: it cannot say anything else. */
import * as z from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ACCESS } from '../shared/domain/access.ts';
import type { Route } from '../shared/runtime/route.ts';

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: '稳定的错误代码，供程序判断' }),
    detail: z.string().meta({ description: '给使用者看的中文说明' }),
    instance: z.string(),
    errors: z.array(z.looseObject({ where: z.string(), at: z.string().optional(), message: z.string().optional() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 问题说明' });

const refused = (description: string) => ({ description, content: { 'application/problem+json': { schema: problem } } });

const idempotencyKey = z
  .object({
    'Idempotency-Key': z
      .string()
      .min(8)
      .max(80)
      .meta({ description: '每次提交一个唯一编号；重试时使用同一个，结果不会重复。不能以“import.”开头。' }),
  })
  .meta({});

const objectOf = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? schema : undefined);

/** An address that asks for no token: files that were published, as they are, and what proves itself. */
export interface OpenAddress {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** Of what it answers; JSON unless told. */
  readonly type?: string;
  /** The type of what it takes, if anything. */
  readonly takes?: string;
}

/** A last part that takes slashes too is `{path+}` to the gateway, and a parameter like any other to readers. */
export const documentedPath = (path: string): string => path.replaceAll('+}', '}');

const openPath = ({ method, path, summary, type = 'application/json', takes }: OpenAddress): ZodOpenApiPathsObject[string] => ({
  [method === 'GET' ? 'get' : 'post']: {
    operationId: `Open:${method}:${path}`,
    tags: ['公开查验'],
    summary,
    description: '任何人：不需要登录',
    security: [],
    parameters: Array.from(documentedPath(path).matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
      ...{ name, in: 'path' as const, required: true, schema: { type: 'string' as const } },
    })),
    ...(takes !== undefined && { requestBody: { content: { [takes]: { schema: { type: 'string' as const } } } } }),
    responses: {
      '200': { description: '成功', content: { [type]: { schema: {} } } },
      ...(takes === undefined
        ? { '404': refused('没有公开的文件') }
        : { '400': refused('格式不对'), '403': refused('不能采信'), '409': refused('与本县日志不符') }),
    },
  },
});

/** One document for all routes of the deployment, each under its tag, and for what lies open to everybody. */
export function openApiDocument(
  routes: readonly { readonly tag: string; readonly route: Route }[],
  title: string,
  open: readonly OpenAddress[] = [],
) {
  const paths: ZodOpenApiPathsObject = Object.fromEntries(
    open.map((address) => [documentedPath(address.path), openPath(address)]),
  );
  for (const { tag, route } of routes) {
    const path = objectOf(route.params);
    const query = objectOf(route.query);
    const writes = route.method !== 'GET';
    const parameters = { ...(path && { path }), ...(query && { query }), ...(writes && { header: idempotencyKey }) };
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: {
        operationId: `${route.operation}:${route.method}:${route.path}`,
        tags: [tag],
        summary: route.summary,
        description: `角色：${Object.keys(ACCESS[route.operation]).join('、')}`,
        ...(Object.keys(parameters).length > 0 && { requestParams: parameters }),
        ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
        responses: {
          [`${route.status ?? 200}`]: { description: '成功', content: { 'application/json': { schema: route.output } } },
          '400': refused('请求有误'),
          '401': refused('未登录'),
          '403': refused('没有权限'),
          '404': refused('没有找到，或不在可见范围内'),
          ...(writes && { '409': refused('与现状冲突'), '422': refused('幂等键已用于另一项请求') }),
        },
      },
    };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title, version: '1', description: '安全风险分级管控和隐患排查治理双重预防机制接口' },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths,
  });
}
