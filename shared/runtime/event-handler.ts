/**
 * What every function does that no person calls (schedules, streams, the workflow): parse what comes in, log facts with ids, and let
 * what is thrown reach the caller by its name, who tries again or alarms. An error is logged once, here.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';

/** Enough to finish what is under way and to say so. */
const RESERVE_MS = 10_000;

export interface EventOptions<Input extends z.ZodType, Output> {
  readonly service: string;
  readonly input: Input;
  /**
   * Decides and does. `logger` takes facts, never documents or persons. `outOfTime`: stop now, before the runtime does; what is left is
   * the next call's.
   */
  readonly run: (input: z.output<Input>, logger: Logger, outOfTime: () => boolean) => Promise<Output>;
}

export function eventHandler<Input extends z.ZodType, Output>({ service, input, run }: EventOptions<Input, Output>) {
  const logger = new Logger({ serviceName: service });
  return middy(async (event: z.input<Input>, context: Context): Promise<Output> => {
    try {
      return await run(input.parse(event), logger, () => context.getRemainingTimeInMillis() < RESERVE_MS);
    } catch (error) {
      logger.error('failed', error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }).use(injectLambdaContext(logger, { resetKeys: true }));
}
