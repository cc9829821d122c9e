/**
 * What the API offers, said once: the same value validates requests, authorises them, makes API Gateway's routes and the OpenAPI
 * document. A function's `api.ts` lists its routes; its `handler.ts` gives each one its work.
 */
import type * as z from 'zod';
import type { Operation } from '../domain/access.ts';
import type { Instant } from '../domain/calendar.ts';
import type { Caller } from '../domain/caller.ts';
import type { CommandId } from '../domain/ids.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

type Nothing = Record<never, never>;
type Read<S> = [NonNullable<S>] extends [never] ? Nothing : NonNullable<S> extends z.ZodType ? z.output<NonNullable<S>> : Nothing;

export interface Route<
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Output extends z.ZodType = z.ZodType,
> {
  /** The key of the access table; a route without a rule does not compile. */
  readonly operation: Operation;
  readonly method: Method;
  /** As API Gateway writes it: `/v1/enterprises/{uscc}`. */
  readonly path: `/${string}`;
  /** A sentence in Chinese for the documentation. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly output: Output;
  /** What a success answers; 200 unless told. */
  readonly status?: 200 | 201 | 202;
}

export const defineRoute = <
  const Params extends z.ZodType | undefined = undefined,
  const Query extends z.ZodType | undefined = undefined,
  const Body extends z.ZodType | undefined = undefined,
  const Output extends z.ZodType = z.ZodType,
>(
  route: Route<Params, Query, Body, Output>,
): Route<Params, Query, Body, Output> => route;

/** A request that was parsed, whose caller was verified and whose instant was fixed. */
export interface Request<R extends Route> {
  readonly params: Read<R['params']>;
  readonly query: Read<R['query']>;
  readonly body: Read<R['body']>;
  readonly caller: Caller;
  /** When the server received it; nothing below asks a clock. */
  readonly at: Instant;
  /** From `Idempotency-Key`; present on every write. */
  readonly commandId: CommandId;
  /** SHA-256 of operation and request, for `commit`. */
  readonly requestHash: string;
}

/** What is kept of a command that was carried out before: after its time no more than that it was. */
export type CarriedOut = 'lapsed' | { readonly isSame: boolean; readonly answer: unknown };

/** A route and its work. The work asks `mayDo` about the record it loaded; the role alone was checked before. */
export interface Served {
  readonly route: Route;
  readonly run: (request: Request<Route>) => Promise<unknown>;
}

export const serve = <R extends Route>(route: R, run: (request: Request<R>) => Promise<z.input<R['output']>>): Served => ({
  route,
  run: run as Served['run'],
});
