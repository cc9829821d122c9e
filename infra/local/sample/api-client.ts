/** The public API as the sample's people use it: through its routes' own contracts, with their tokens, at the simulated instant. */
import type * as z from 'zod';
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { Route } from '../../../shared/runtime/route.ts';
import type { RunningCounty } from '../running-county.ts';
import type { SamplePerson } from './county.ts';

type Sent<S> = [NonNullable<S>] extends [never]
  ? undefined
  : NonNullable<S> extends z.ZodType
    ? z.input<NonNullable<S>>
    : undefined;
type Part<Name extends string, S> = [NonNullable<S>] extends [never]
  ? { readonly [N in Name]?: never }
  : { readonly [N in Name]: Sent<S> };
type OptionalPart<Name extends string, S> = [NonNullable<S>] extends [never]
  ? { readonly [N in Name]?: never }
  : { readonly [N in Name]?: Partial<Sent<S> & object> };

export type Asked<R extends Route> = {
  readonly as: SamplePerson;
  readonly at: Instant;
  /** The Idempotency-Key of a write: the same key again is the same command. */
  readonly key?: string;
} & Part<'params', R['params']> &
  OptionalPart<'query', R['query']> &
  Part<'body', R['body']>;

/** The API refused. `code` is the problem's. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(what: string, status: number, code: string, detail: string) {
    super(`${what}: ${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

const LONGEST_PAGE = 200;

export interface ApiClient {
  <R extends Route>(route: R, asked: Asked<R>): Promise<z.output<R['output']>>;
  /** How many requests were made. */
  readonly requests: () => number;
}

export function apiClient(county: RunningCounty): ApiClient {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = ({ id, role, owner, workshop, team, post }: SamplePerson): Promise<string> => {
    const known = tokens.get(id);
    if (known !== undefined) return known;
    const token = county.token({
      id,
      role,
      ...(owner && { owner }),
      ...(workshop && { workshop }),
      ...(team && { team }),
      ...(post && { post }),
    });
    tokens.set(id, token);
    return token;
  };
  let requests = 0;
  const call = async <R extends Route>(route: R, asked: Asked<R>): Promise<z.output<R['output']>> => {
    const params: Readonly<Record<string, unknown>> = { ...(asked.params as object | undefined) };
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const query = new URLSearchParams(
      Object.entries({ ...(asked.query as object | undefined) }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
    );
    requests += 1;
    const answer = await fetch(`${county.apiUrl}${path}${query.size > 0 ? `?${query}` : ''}`, {
      method: route.method,
      headers: {
        authorization: `Bearer ${await tokenOf(asked.as)}`,
        'x-simulated-at': asked.at,
        ...(asked.key !== undefined && { 'idempotency-key': asked.key }),
        ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      const problem = readProblem(text);
      throw new Refused(`${route.method} ${path}`, answer.status, problem.code, problem.detail);
    }
    return route.output.parse(JSON.parse(text)) as z.output<R['output']>;
  };
  return Object.assign(call, { requests: () => requests });
}

function readProblem(text: string): { code: string; detail: string } {
  try {
    const { code, detail, errors } = JSON.parse(text) as Record<string, unknown>;
    return { code: String(code), detail: `${detail}${errors === undefined ? '' : ` ${JSON.stringify(errors)}`}` };
  } catch {
    return { code: 'no-problem-document', detail: text.slice(0, 200) };
  }
}

/** Everything that a list has: `page` asks for one page, with what it is given in its query. */
export async function everyItem<Item>(
  page: (from: { readonly limit: number; readonly cursor?: string }) => Promise<{ items: Item[]; cursor?: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const read = await page({ limit: LONGEST_PAGE, ...(cursor !== undefined && { cursor }) });
    items.push(...read.items);
    cursor = read.cursor;
  } while (cursor !== undefined);
  return items;
}

/** Does the work for each item, `abreast` of them at a time, and answers in their order. */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  abreast: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const next = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of next) answers[index] = await work(item);
  };
  await Promise.all(Array.from({ length: abreast }, worker));
  return answers;
}
