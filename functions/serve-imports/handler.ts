import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { commandAnswer } from '../../shared/data/commit.ts';
import { s3ImportFiles } from '../../shared/data/import-files.ts';
import { dynamoImportStore } from '../../shared/data/import-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { now } from '../../shared/runtime/clock.ts';
import { serve } from '../../shared/runtime/route.ts';
import { createImport, readImport, readImportErrors, readTemplate, startImport } from './api.ts';
import { environment } from './environment.ts';
import { serveImports } from './serve-imports.ts';

const settings = environment.parse(process.env);
const queue = new SQSClient();

const imports = serveImports({
  jobs: dynamoImportStore(settings.COUNTY),
  files: s3ImportFiles(settings.IMPORT_BUCKET),
  enqueue: async (id) => {
    await queue.send(new SendMessageCommand({ QueueUrl: settings.IMPORT_QUEUE_URL, MessageBody: JSON.stringify({ id }) }));
  },
  policyAt: (at) => policyFor(settings.COUNTY, at),
});

export const handler = apiHandler({
  service: 'serve-imports',
  environment: settings,
  /** The upload address of an import that was asked for before is made anew: an old one has expired. */
  answerOf: async (again) => {
    const before = await commandAnswer(again);
    if (before === undefined || before === 'lapsed') return before;
    const view = createImport.output.safeParse(before.answer);
    if (!view.success || view.data.status !== 'awaiting-upload') return before;
    return { ...before, answer: await imports.withUpload(view.data, now()) };
  },
  routes: [
    serve(readTemplate, imports.readTemplate),
    serve(createImport, imports.createImport),
    serve(startImport, imports.startImport),
    serve(readImport, imports.readImport),
    serve(readImportErrors, imports.readImportErrors),
  ],
});
