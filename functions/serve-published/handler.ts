/** Open to everybody, like the documentation: what it answers was published before, or is a hash; what it takes proves itself. The gateway's limits hold it back. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logFolder } from '../../shared/archive/paths.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoCosignedStore } from '../../shared/data/cosigned-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { environment } from './environment.ts';
import { publishedBucket } from './published-bucket.ts';
import { type Published, servePublished } from './serve-published.ts';

const { COUNTY, DRAWS_BUCKET, ARCHIVE_BUCKET, WITNESSES } = environment.parse(process.env);
const logger = new Logger({ serviceName: 'serve-published' });
const archive = s3ArchiveFiles(ARCHIVE_BUCKET, logFolder(COUNTY));
const log = dynamoLogStore(COUNTY);
const cosigned = dynamoCosignedStore(COUNTY);
const serve = servePublished({
  county: COUNTY,
  bucket: publishedBucket(DRAWS_BUCKET),
  log: {
    signed: async () => (await log.head()).signed,
    async tile(path) {
      const bytes = await archive.read(path);
      if (bytes === undefined) throw new Error(`${path} was signed and is not there`);
      return bytes;
    },
    witnesses: WITNESSES,
    cosigned: cosigned.newest,
    keep: cosigned.keep,
  },
});

const SAFE = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" };

const problem = (status: number, code: string, title: string, detail: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...SAFE, 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify({ type: `urn:dual-prevention:problem:${code}`, title, status, code, detail }),
});

const kept = (seconds: number): string => (seconds === 0 ? 'no-store' : `public, max-age=${seconds}`);

/** Bytes go as they are: a hash of what is fetched is the hash that was announced. */
function answerOf(published: Published): APIGatewayProxyStructuredResultV2 {
  switch (published.status) {
    case 200:
      return {
        statusCode: 200,
        headers: { ...SAFE, 'content-type': published.type, 'cache-control': kept(published.seconds) },
        isBase64Encoded: true,
        body: Buffer.from(published.body).toString('base64'),
      };
    case 302:
      return { statusCode: 302, headers: { ...SAFE, location: published.location, 'cache-control': 'no-store' }, body: '' };
    case 404:
      return problem(404, 'not-found', '没有找到', published.says);
    default:
      return problem(published.status, published.code, published.title, published.says);
  }
}

export const handler = async ({
  routeKey,
  pathParameters,
  body,
  isBase64Encoded,
}: Pick<APIGatewayProxyEventV2, 'routeKey' | 'pathParameters'> &
  Partial<Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>>): Promise<APIGatewayProxyStructuredResultV2> => {
  try {
    const sent = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
    return answerOf(await serve(routeKey, pathParameters ?? {}, sent));
  } catch (error) {
    logger.error('failed', error instanceof Error ? error : new Error(String(error)));
    return problem(500, 'fault', '系统故障', '系统出现故障，请稍后重试。');
  }
};
