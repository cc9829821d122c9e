/** What an integration test holds of the cloud that the set-up started. */
import * as z from 'zod';
import { type IssuerOptions, signerFor } from '../../infra/local/issuer.ts';
import { type RunningCounty, runningCounty, type Whereabouts } from '../../infra/local/running-county.ts';
import { ROLES, type Role } from '../../shared/domain/caller.ts';
import { personId } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';

/** As the set-up tells it to the processes of the tests. */
export interface CloudOfTests {
  readonly where: Whereabouts;
  readonly issuer: IssuerOptions;
  readonly environment: Readonly<Record<string, string>>;
  readonly control: string;
  /** Whether the services are our own emulator, and not somebody else's. */
  readonly isOurs: boolean;
}

export interface LocalCloud extends Omit<RunningCounty, 'token'> {
  /** Somebody in a role, and for whom he acts; the same arguments name the same person. */
  token(role: Role, owner?: Owner): Promise<string>;
  readonly tokenOf: RunningCounty['token'];
  /** For clients of the AWS SDK in the operator's name. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Whether the services are our own emulator: only there can they be stopped, and their logs be read by anybody. */
  readonly isOurs: boolean;
  /** What a role may do, for a client of the AWS SDK; only where the services are our own. */
  assume(
    role: string,
  ): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string }>;
  /** Every line of every log. */
  logLines(): Promise<readonly string[]>;
  /** Ends the services after they wrote their state. */
  stop(): Promise<void>;
  /** Starts them again on that state. */
  start(): Promise<void>;
}

const groupsOf = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const eventsOf = z.object({ events: z.array(z.object({ message: z.string() })), nextToken: z.string().optional() });

/** The emulator takes any credentials that are well formed, so nobody needs a client of a service for one question. */
const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

async function assumeAt(endpoint: string, role: string) {
  const body = new URLSearchParams({
    ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: role, RoleSessionName: 'integration-test' },
  });
  const answer = await fetch(endpoint, { method: 'POST', headers: signedFor('sts'), body });
  const text = await answer.text();
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1] ?? '';
  if (!answer.ok) throw new Error(`AssumeRole: ${answer.status} ${text}`);
  return {
    ...{ accessKeyId: member('AccessKeyId'), secretAccessKey: member('SecretAccessKey') },
    sessionToken: member('SessionToken'),
  };
}

async function logLinesOf(endpoint: string): Promise<string[]> {
  const ask = async (action: string, body: object): Promise<unknown> => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        ...signedFor('logs'),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${action}`,
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const lines: string[] = [];
  for (const { logGroupName } of groupsOf.parse(await ask('DescribeLogGroups', {})).logGroups) {
    let nextToken: string | undefined;
    do {
      const page = eventsOf.parse(await ask('FilterLogEvents', { logGroupName, limit: 10_000, ...(nextToken && { nextToken }) }));
      lines.push(...page.events.map(({ message }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
}

export async function localCloud(): Promise<LocalCloud> {
  const told = process.env.CLOUD_OF_TESTS;
  if (told === undefined) throw new Error('no cloud was started: run the tests with npm run test:integration');
  const { where, issuer, environment, control, isOurs } = JSON.parse(told) as CloudOfTests;
  const county = runningCounty(where, environment, await signerFor(issuer));
  const order = async (what: 'pause' | 'resume') => {
    const answer = await fetch(`${control}/${what}`, { method: 'POST' });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    ...county,
    token: (role, owner) => {
      const number = ROLES.indexOf(role);
      const of = owner?.replace(':', '-') ?? 'county';
      return county.token({ id: personId(`test-${number}-${of}`), role, ...(owner && { owner }) });
    },
    tokenOf: county.token,
    isOurs,
    assume: (role) => assumeAt(where.endpoint, role),
    logLines: () => logLinesOf(where.endpoint),
    client: {
      endpoint: where.endpoint,
      region: environment.AWS_REGION ?? '',
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
      },
    },
    stop: () => order('pause'),
    start: () => order('resume'),
  };
}
