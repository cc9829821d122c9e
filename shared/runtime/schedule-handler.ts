/** What a schedule calls: the instant comes with the event, so a run that is late or repeated means what it was meant for. */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';

/** Enough to finish what is under way and to say so. */
const RESERVE_MS = 10_000;

export interface ScheduleOptions<Input extends z.ZodType> {
  readonly service: string;
  /** What the schedule's payload must be; a schedule that says something else fails at once. */
  readonly input: Input;
  /** `outOfTime`: stop now, before the runtime does; what is left is the next run's. */
  readonly run: (input: z.output<Input>, outOfTime: () => boolean) => Promise<unknown>;
}

export function scheduleHandler<Input extends z.ZodType>({ service, input, run }: ScheduleOptions<Input>) {
  const logger = new Logger({ serviceName: service });
  return middy(async (event: unknown, context: Context): Promise<unknown> => {
    const did = await run(input.parse(event), () => context.getRemainingTimeInMillis() < RESERVE_MS);
    logger.info('done', { did });
    return did;
  }).use(injectLambdaContext(logger, { resetKeys: true }));
}
