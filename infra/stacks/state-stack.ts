import { CfnElement, DefaultStackSynthesizer, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  HttpMethods,
  type IBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { countyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { acknowledgePlainHttp } from '../constructs/plain-http.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { NEWEST } from './service/shared.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const index = (indexName: string, partition: string, sort: string): GlobalSecondaryIndexPropsV2 => ({
  indexName,
  partitionKey: text(partition),
  sortKey: text(sort),
});

const LOG_RETENTION_DAYS = 365;
const ABANDONED_UPLOAD_DAYS = 1;
const DAYS_OF_A_LOCKED_YEAR = 366; // of the longest, so that a lock is never short of its years

/** What of the archive is put once and never again: all but the newest checkpoint. */
const PUT_ONCE = ['log/*/tile/*', 'log/*/large/*', 'day/*', 'month/*', 'requested/*'];
/** And of the draws: all but indexes, and lists that have a version. A number has six digits; a task's name begins with a letter and a dot. */
const drawnOnce = (county: string): readonly string[] => [
  ...['rosters/*', 'published/policy/*', `published/${county}.*/??????/*`, `published/results/${county}.*/?.*.json`],
];
/** What nobody may do to a bucket of records, whatever else he may. */
const NEVER_OF_A_LOCKED_BUCKET = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration', // it would delete once the lock has lapsed, and hide before
  's3:PutReplicationConfiguration',
];
/** Nor to anything in it. A deletion without a version deletes nothing, and hides. */
const NEVER_OF_WHAT_IS_LOCKED = [
  's3:BypassGovernanceRetention',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:ReplicateDelete', // by replication from elsewhere: puts and deletions by other names
  's3:ReplicateObject',
];

/** What would end a key, and with it what it encrypts or signs, or the policy that forbids this. */
/** Who may do what, and the record of who did. */
const BY_A_DEPLOYMENT_ALONE = ['s3:PutBucketLogging', 's3:PutBucketPolicy'];
const NEVER_OF_A_KEY = ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'];

/** For everybody of whom the conditions hold, the account's administrators included. */
const forbidding = (actions: readonly string[], resources: readonly string[], conditions: Conditions): PolicyStatement =>
  new PolicyStatement({
    ...{ effect: Effect.DENY, principals: [new AnyPrincipal()], conditions },
    ...{ actions: [...actions], resources: [...resources] },
  });

/**
 * What a county must never lose. Its logical ids are pinned: a table that is renamed here would be a new, empty table. It is deployed
 * before the service, changes seldom, and stays when its stack goes.
 */
export class StateStack extends Stack {
  readonly register: TableV2;
  readonly hazards: TableV2;
  readonly inspections: TableV2;
  readonly ledger: TableV2;
  readonly channels: TableV2;
  /** The order of the county's log, its exports and audits. */
  readonly exports: TableV2;
  /** Salts and values of what stands in the ledger as commitments. What is deleted there has left its backups after 35 days. */
  readonly personal: TableV2;
  readonly evidence: Bucket;
  readonly imports: Bucket;
  /** `rosters/`: what is secret until a draw is revealed. `published/`: what anybody may read, through the API. */
  readonly draws: Bucket;
  /** `log/`, `day/`, `month/`, and of `requested/` the manifests: nobody can delete or change it for as long as the policy says. */
  readonly archive: Bucket;
  /** `requested/`: exports that somebody asked for; they can be made again from the archive. */
  readonly requests: Bucket;
  /** Encrypts the secret of every draw until it is revealed. Without it no draw that is open could be made or revealed. */
  readonly drawKey: Key;
  /** Encrypts the addresses and secrets of subscriptions. Without it every one of them has to be pasted again. */
  readonly channelKey: Key;
  /** The keys of KMS that sign the county's log, the oldest first. None where all are provided. */
  readonly sealKeys: ReadonlyMap<number, Key>;
  /** The names of each table's indexes. */
  readonly indexes = new Map<TableV2, readonly string[]>();
  private readonly isProtected: boolean;
  private readonly isTlsOnly: boolean;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id, {
      terminationProtection: deployment.isProtected,
      description: `${deployment.name} (${deployment.id}): register, cases, draws, ledger, channels, evidence and archive. Never delete.`,
    });
    this.isProtected = deployment.isProtected;
    this.isTlsOnly = deployment.isTlsOnly;

    // Keys and indexes are those of shared/data/tables.ts.
    this.register = this.table('Register', { globalSecondaryIndexes: [index('byOwner', 'owner', 'sk')] });
    this.hazards = this.table('Hazards', {
      globalSecondaryIndexes: [index('byOwner', 'owner', 'sk'), index('openByDeadline', 'openCounty', 'deadline')],
    });
    this.inspections = this.table('Inspections', {
      globalSecondaryIndexes: [
        index('byInspector', 'inspector', 'sk'),
        index('byOwner', 'owner', 'sk'),
        index('openByDue', 'openCounty', 'due'),
      ],
    });
    this.ledger = this.table('Ledger', {
      globalSecondaryIndexes: [index('byDay', 'day', 'at')],
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expires', // answers to commands; events bear no such attribute
    });
    this.channels = this.table('Channels', {
      globalSecondaryIndexes: [
        index('byScope', 'scope', 'sk'),
        // Written with each delivery, and read when somebody asks.
        { ...index('byAbout', 'about', 'sk'), projectionType: ProjectionType.KEYS_ONLY },
        // Read each minute up to now, whatever waits: no more of it than who has to be looked at.
        { ...index('openByDue', 'openCounty', 'due'), projectionType: ProjectionType.INCLUDE, nonKeyAttributes: ['receiver'] },
        { ...index('waiting', 'waiting', 'turn'), projectionType: ProjectionType.KEYS_ONLY },
      ],
      timeToLiveAttribute: 'expires', // what has ended; who was told what stays on the ledger
    });
    this.exports = this.table('Exports', {});
    this.personal = this.table('Personal', {});

    const accessLogBucket = this.bucket('AccessLogs', {
      lifecycleRules: [{ expiration: Duration.days(LOG_RETENTION_DAYS) }],
    });
    // No lock of its own: S3 writes its logs into no bucket that has a default one.
    this.forbid(accessLogBucket, ['s3:DeleteObject', 's3:DeleteObjectVersion'], [accessLogBucket.arnForObjects('*')]);
    this.forbid(
      accessLogBucket,
      ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration'],
      [accessLogBucket.bucketArn],
      this.butForADeployment(),
    );
    const accessLogs = accessLogBucket as IBucket; // `Bucket` is one; the library is not written for exactOptionalPropertyTypes
    Validations.of(accessLogBucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It receives the access logs of the others; logging it into itself would never end.',
    });
    // Phones send photos straight to the bucket, by a signed form that says key, type and size; the signature is the guard, not the origin.
    const fromBrowsers = { allowedMethods: [HttpMethods.POST, HttpMethods.GET], allowedOrigins: ['*'], allowedHeaders: ['*'] };
    const { retention, requested, links } = policyFor(countyCode(deployment.county), NEWEST).exports;
    const locked = {
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(retention.years * DAYS_OF_A_LOCKED_YEAR)),
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(ABANDONED_UPLOAD_DAYS) }],
    };
    this.evidence = this.bucket('Evidence', {
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'evidence/',
      cors: [fromBrowsers],
      ...locked,
    });
    this.imports = this.bucket('Imports', {
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'imports/',
      cors: [fromBrowsers],
      lifecycleRules: [
        {
          expiration: Duration.days(deployment.retention.importedFilesDays),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(ABANDONED_UPLOAD_DAYS),
        },
      ],
    });
    this.draws = this.bucket('Draws', {
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'draws/',
      ...locked,
    });
    this.archive = this.bucket('Archive', {
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'archive/',
      ...locked,
    });
    for (const bucket of [this.evidence, this.draws, this.archive]) this.forbidRewriting(bucket);
    this.forbidOverwriting(this.archive, PUT_ONCE);
    this.forbidOverwriting(this.draws, drawnOnce(deployment.county));
    this.requests = this.bucket('Requests', {
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'requests/',
      lifecycleRules: [
        {
          expiration: Duration.days(requested.kept.days),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(ABANDONED_UPLOAD_DAYS),
        },
      ],
    });

    for (const bucket of [this.archive, this.requests]) {
      // Whatever a link says of itself: nobody can make one that lives longer.
      this.forbid(bucket, ['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')], {
        NumericGreaterThan: { 's3:signatureAge': `${Duration.minutes(links.readWithin.minutes).toMilliseconds()}` },
      });
    }

    this.drawKey = this.key('DrawKey', {
      alias: `alias/draws-${deployment.id}`,
      description: `Secrets of the draws of ${deployment.name}, until each is revealed`,
    });
    this.channelKey = this.key('ChannelKey', {
      alias: `alias/channels-${deployment.id}`,
      description: `Addresses and secrets of those to whom ${deployment.name} sends reminders`,
    });
    this.sealKeys = new Map(
      deployment.sealing.flatMap((key) =>
        key.signer === 'kms' ? [[key.generation, this.sealKey(deployment, key.generation)]] : [],
      ),
    );
  }

  /** Not renewed by itself, as an asymmetric key cannot be: a new generation is a key of its own. */
  private sealKey({ id, name }: Deployment, generation: number): Key {
    const suffix = generation === 1 ? '' : `${generation}`;
    return this.key(`SealKey${suffix}`, {
      enableKeyRotation: false,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      alias: `alias/seal-${id}${suffix && `-${suffix}`}`,
      description: `Signs the log of ${name}: whoever has its public key can tell what was sealed`,
    });
  }

  /** Nobody takes back what lies there. Only a deployment may change the policy that says so: else it could never be amended. */
  private forbidRewriting(bucket: Bucket): void {
    this.forbid(bucket, NEVER_OF_A_LOCKED_BUCKET, [bucket.bucketArn]);
    this.forbid(bucket, NEVER_OF_WHAT_IS_LOCKED, [bucket.arnForObjects('*')]);
    this.forbid(bucket, BY_A_DEPLOYMENT_ALONE, [bucket.bucketArn], this.butForADeployment());
  }

  /** A second version would hide the first. Parts of an upload bear no condition: what puts them together does. */
  private forbidOverwriting(bucket: Bucket, keys: readonly string[]): void {
    const resources = keys.map((one) => bucket.arnForObjects(one));
    const unconditional = { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } };
    this.forbid(bucket, ['s3:PutObject'], resources, unconditional);
  }

  /** Holds of everybody but CloudFormation, by the role that `cdk bootstrap` made for it; one that is named alike is another. */
  private butForADeployment(): Conditions {
    const qualifier = this.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    const resourceName = `cdk-${qualifier}-cfn-exec-role-${this.account}-${this.region}`;
    return {
      ArnNotEquals: { 'aws:PrincipalArn': this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }) },
    };
  }

  /** For everybody, the account's administrators included. */
  private forbid(bucket: Bucket, actions: readonly string[], resources: readonly string[], conditions: Conditions = {}): void {
    bucket.addToResourcePolicy(forbidding(actions, resources, conditions));
  }

  private key(id: string, props: KeyProps): Key {
    const key = new Key(this, id, {
      enableKeyRotation: true, // what was encrypted before stays readable
      removalPolicy: this.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...props,
    });
    key.addToResourcePolicy(forbidding(NEVER_OF_A_KEY, ['*'], this.butForADeployment()));
    return this.pinned(id, key);
  }

  private table(id: string, props: Omit<TablePropsV2, 'partitionKey'>): TableV2 {
    const table = new TableV2(this, id, {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.isProtected,
      removalPolicy: this.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...props,
    });
    this.indexes.set(
      table,
      (props.globalSecondaryIndexes ?? []).map(({ indexName }) => indexName),
    );
    return this.pinned(id, table);
  }

  private bucket(id: string, props: BucketProps): Bucket {
    const bucket = new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(this.isTlsOnly && { enforceSSL: true, minimumTLSVersion: 1.2 }),
      versioned: true,
      removalPolicy: this.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...props,
    });
    if (!this.isTlsOnly) acknowledgePlainHttp(bucket, 'AwsSolutions-S10');
    return this.pinned(id, bucket);
  }

  private pinned<C extends Construct>(id: string, construct: C): C {
    const resource = construct.node.defaultChild;
    if (!CfnElement.isCfnElement(resource)) throw new Error(`${id} has no resource to pin`);
    resource.overrideLogicalId(id);
    return construct;
  }
}
