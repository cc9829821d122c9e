/** What an integration test holds of the cloud that the set-up started. */
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
  /** Ends the services after they wrote their state. */
  stop(): Promise<void>;
  /** Starts them again on that state. */
  start(): Promise<void>;
}

export async function localCloud(): Promise<LocalCloud> {
  const told = process.env.CLOUD_OF_TESTS;
  if (told === undefined) throw new Error('no cloud was started: run the tests with npm run test:integration');
  const { where, issuer, environment, control } = JSON.parse(told) as CloudOfTests;
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
