import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { PUBLIC_ADDRESSES } from '../../functions/serve-published/environment.ts';
import { documentedPath } from '../../infra/openapi.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { localCloud } from '../support/local-cloud.ts';

const FUNCTIONS = new URL('../../functions/', import.meta.url);

const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${documentedPath(path)}`;
/** What lies open to everybody, and nothing else. */
const opened = new Set(PUBLIC_ADDRESSES.map(keyOf));

test('the document of the API that was deployed lists every route that any function declares and what lies open, and no other', async () => {
  const declared: string[] = [...opened];
  for (const name of readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' })) {
    if (!/^[^/]+\/api\.ts$/.test(name)) continue;
    const { routes } = (await import(`../../functions/${name}`)) as { routes: readonly Route[] };
    declared.push(...routes.map(keyOf));
  }
  const { apiUrl } = await localCloud();
  const document = (await (await fetch(`${apiUrl}/openapi.json`)).json()) as { openapi: string; paths: Record<string, object> };
  const told = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(told.sort()).toEqual(declared.sort());
});

test('every route that is told is served: without a token it answers that one is missing, unless it is told that it asks for none', async () => {
  const { apiUrl } = await localCloud();
  const { paths } = (await (await fetch(`${apiUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security?: unknown[] }>>;
  };
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      const isOpen = opened.has(`${method.toUpperCase()} ${path}`);
      expect([method, path, security]).toEqual([method, path, isOpen ? [] : undefined]);
      const answer = await fetch(`${apiUrl}${path.replace(/\{\w+\}/g, 'x')}`, { method: method.toUpperCase() });
      // What is open to hand something in says what, when nothing comes.
      if (isOpen) expect([path, [200, 400, 404].includes(answer.status)]).toEqual([path, true]);
      else
        expect([method, path, answer.status, await answer.json()]).toEqual([
          method,
          path,
          401,
          expect.objectContaining({ code: 'token-missing' }),
        ]);
    }
  }
});

test('the page of the documentation loads nothing from elsewhere', async () => {
  const { apiUrl } = await localCloud();
  const answer = await fetch(`${apiUrl}/docs`);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).not.toMatch(/(?:src|href|action)\s*=\s*["']?(?:https?:)?\/\//i);
  expect(page).not.toMatch(/@import|url\(|https?:\/\//);
});

test('the page that links of messages open is there, with the script that its policy lets run', async () => {
  const { apiUrl } = await localCloud();
  const answer = await fetch(`${apiUrl}/open`);
  const script = (await answer.text()).split('<script>')[1]?.split('</script>')[0] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  expect(answer.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`);
  expect(script).toContain('opened.requestOf');
});
