import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { s3ImportFiles } from '../../shared/data/import-files.ts';
import { dynamoImportStore } from '../../shared/data/import-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { type ImportId, importId } from '../../shared/domain/ids.ts';
import { listRulesOf } from '../../shared/policy/import-words.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { environment } from './environment.ts';
import { importList } from './import-list.ts';
import { registerTarget } from './register-target.ts';

const { COUNTY, IMPORT_BUCKET, IMPORT_QUEUE_URL } = environment.parse(process.env);
const logger = new Logger({ serviceName: 'import-list' });
const queue = new SQSClient();

const carryOn = importList({
  jobs: dynamoImportStore(COUNTY),
  files: s3ImportFiles(IMPORT_BUCKET),
  register: registerTarget({
    county: COUNTY,
    register: dynamoRegisterStore(COUNTY),
    duties: dynamoDutyStore(COUNTY),
    answerOf: commandAnswer,
  }),
  continueLater: async (id: ImportId) => {
    await queue.send(new SendMessageCommand({ QueueUrl: IMPORT_QUEUE_URL, MessageBody: JSON.stringify({ id }) }));
  },
  rulesAt: (at) => {
    const policy = policyFor(COUNTY, at);
    return { list: listRulesOf(policy), limits: policy.imports };
  },
});

const messages = z.object({ Records: z.array(z.object({ body: z.string() })) });
const message = z.object({ id: z.string().transform(importId) });

/** One message is one import: what is thrown brings the message back, and the job goes on from its last step. */
export const handler = middy(async (event: z.input<typeof messages>, context: Context): Promise<void> => {
  for (const { body } of messages.parse(event).Records) {
    const { id } = message.parse(JSON.parse(body));
    await carryOn(id, () => context.getRemainingTimeInMillis());
    logger.info('carried on', { import: id });
  }
}).use(injectLambdaContext(logger, { resetKeys: true }));
