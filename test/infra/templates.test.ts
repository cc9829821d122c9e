/** What holds for every county in either partition, read off the templates that CloudFormation gets. */
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  channelsTable,
  exportsTable,
  hazardsTable,
  inspectionsTable,
  ledgerTable,
  personalTable,
  registerTable,
} from '../../shared/data/tables.ts';
import { at, everywhere, ofType, referredIn, type Statement, statementsIn, synthesise } from '../support/synthesised.ts';

/** A table, bucket or key of another name would be a new and empty one: this list only ever grows. */
const STATEFUL = {
  Register: 'AWS::DynamoDB::GlobalTable',
  Hazards: 'AWS::DynamoDB::GlobalTable',
  Inspections: 'AWS::DynamoDB::GlobalTable',
  Ledger: 'AWS::DynamoDB::GlobalTable',
  Channels: 'AWS::DynamoDB::GlobalTable',
  Exports: 'AWS::DynamoDB::GlobalTable',
  Personal: 'AWS::DynamoDB::GlobalTable',
  AccessLogs: 'AWS::S3::Bucket',
  Evidence: 'AWS::S3::Bucket',
  Imports: 'AWS::S3::Bucket',
  Draws: 'AWS::S3::Bucket',
  Archive: 'AWS::S3::Bucket',
  Requests: 'AWS::S3::Bucket',
  DrawKey: 'AWS::KMS::Key',
  ChannelKey: 'AWS::KMS::Key',
  SealKey: 'AWS::KMS::Key',
};
const TABLES = {
  Register: registerTable,
  Hazards: hazardsTable,
  Inspections: inspectionsTable,
  Ledger: ledgerTable,
  Channels: channelsTable,
  Exports: exportsTable,
  Personal: personalTable,
};

/** Indexes that hold less than whole items. */
const LESS_IN_INDEX: Readonly<Record<string, object>> = {
  'Channels byAbout': { ProjectionType: 'KEYS_ONLY' },
  'Channels openByDue': { ProjectionType: 'INCLUDE', NonKeyAttributes: ['receiver'] },
  'Channels waiting': { ProjectionType: 'KEYS_ONLY' },
};

/** Names of principals are the same in both partitions; every other host or ARN has to be made where it is deployed. */
const withoutPrincipals = (template: unknown): string =>
  JSON.stringify(template).replace(/"(?:Service|Principal)":"[a-z0-9.-]+\.amazonaws\.com"/g, '');
const REGION =
  /\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b/g;

/** Why a policy may name more than one resource; `infra/constructs/wildcard.ts` has the reasons. */
const WILDCARDS = [
  '<EvidenceArn>/evidence/*',
  '<ImportsArn>/imports/*',
  '<ImportsArn>/templates/*',
  '<DrawsArn>/rosters/*',
  '<DrawsArn>/published/*',
  '<ArchiveArn>/log/*',
  expect.stringMatching(/^<ArchiveArn>\/log\/\d{6}\/tile\/\d\/\*$/), // hashes of the log for everybody, a level each: never entries
  '<ArchiveArn>/day/*',
  '<ArchiveArn>/month/*',
  '<ArchiveArn>/requested/*',
  '<RequestsArn>/requested/*',
  '<RequestsArn>/working/*',
  expect.stringMatching(/^arn:<AWS::Partition>:states:.*:execution:<.*>:\*$/),
  '*',
];
/** The only actions for which the service knows no resource. */
const WITHOUT_RESOURCES =
  /^(?:states:SendTaskSuccess|logs:\w*LogDeliver(?:y|ies)|logs:(?:Put|Describe)ResourcePolic(?:y|ies)|logs:DescribeLogGroups|xray:\w+)$/;

describe.each(everywhere)('%s', (_, deployment) => {
  const { app, state, service, messaging, archive, made } = synthesise(deployment);
  const real = !deployment.simulation;

  test('names no partition and no host, and no region but its own', () => {
    for (const template of [state, service, messaging, archive]) {
      const text = withoutPrincipals(template);
      expect(text.match(/.{0,60}(?:arn:aws(?:-cn)?:|amazonaws).{0,20}/g)).toBeNull();
      expect([...new Set(text.match(REGION))]).toEqual(deployment.region && text.match(REGION) ? [deployment.region] : []);
    }
  });

  test('has its stateful resources under their names and in a stack of their own', () => {
    const stateful = Object.entries(state).filter(([, { Type }]) => /Table$|::Bucket$|::KMS::Key$/.test(Type));
    expect(Object.fromEntries(stateful.map(([id, { Type }]) => [id, Type]))).toEqual(STATEFUL);
    expect(Object.values(made).filter(({ Type }) => /DynamoDB|::Bucket$|RDS|EFS|KMS::Key/.test(Type))).toEqual([]);
  });

  test('keeps what it must never lose', () => {
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of Object.entries(state).filter(([id]) => id in STATEFUL)) {
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, ...(real ? ['Retain', 'Retain'] : ['Delete', 'Delete'])]);
    }
    for (const [, { Properties }] of ofType(state, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', SSESpecification: { SSEEnabled: true } });
      const replicas = Properties.Replicas;
      expect(replicas).toMatchObject([
        { DeletionProtectionEnabled: real, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ]);
    }
  });

  test.each(Object.entries(TABLES))('%s has the keys, indexes and stream that the stores use', (id, table) => {
    const { Properties: properties } = state[id] ?? {};
    const keys = (partition: string, sort?: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    expect(properties).toMatchObject({ KeySchema: keys(table.partitionKey.name, table.sortKey?.name) });
    const indexes = Object.entries(table.indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: keys(index.type === 'global' ? index.partitionKey.name : '', index.sortKey?.name),
      Projection: LESS_IN_INDEX[`${id} ${IndexName}`] ?? { ProjectionType: 'ALL' },
    }));
    expect(at(properties, 'GlobalSecondaryIndexes') ?? []).toEqual(indexes);
    const expiring = ['Channels', 'Ledger'].includes(id) ? { AttributeName: 'expires', Enabled: true } : undefined;
    expect(at(properties, 'TimeToLiveSpecification')).toEqual(expiring);
    const streamed = id === 'Ledger' ? { StreamViewType: 'NEW_IMAGE' } : undefined;
    expect(at(properties, 'StreamSpecification')).toEqual(streamed);
  });

  test('has buckets that are private, encrypted, versioned and closed to plain HTTP', () => {
    const closed = new Map(
      ofType(state, 'AWS::S3::BucketPolicy').map(([, { Properties }]) => [
        referredIn(Properties.Bucket),
        JSON.stringify(Properties.PolicyDocument),
      ]),
    );
    for (const [id, { Properties }] of ofType(state, 'AWS::S3::Bucket')) {
      expect(Properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        VersioningConfiguration: { Status: 'Enabled' },
      });
      if (real) expect(closed.get(id)).toMatch(/"Deny".*"aws:SecureTransport":"false"|"aws:SecureTransport":"false".*"Deny"/);
    }
    if (real) expect(deployment.isTlsOnly).toBe(true);
  });

  test('has keys for the secrets of draws and of channels that are renewed, and that only the account’s own rules let anybody use', () => {
    for (const id of ['DrawKey', 'ChannelKey']) {
      const { Properties: key } = state[id] ?? {};
      expect(key).toMatchObject({ EnableKeyRotation: true });
      const [statement, forbidden, ...others] = at(key, 'KeyPolicy', 'Statement') as unknown[];
      expect([at(forbidden, 'Effect'), others]).toEqual(['Deny', []]); // what of: archive.test.ts
      expect(JSON.stringify(at(statement, 'Principal'))).toContain(':iam::');
    }
    expect(ofType(state, 'AWS::KMS::Alias').map(([, { Properties }]) => Properties.AliasName)).toEqual([
      `alias/draws-${deployment.id}`,
      `alias/channels-${deployment.id}`,
      `alias/seal-${deployment.id}`,
    ]);
  });

  test('leaves room in its stacks for what is added between two deployments', () => {
    for (const resources of [state, service, messaging, archive]) expect(Object.keys(resources).length).toBeLessThanOrEqual(490); // CloudFormation takes 500
  });

  test('keeps its logs, for a time', () => {
    const logs = ofType(made, 'AWS::Logs::LogGroup');
    const functions = ofType(made, 'AWS::Lambda::Function');
    expect(logs.length).toBeGreaterThan(functions.length);
    for (const [, { Properties, DeletionPolicy }] of logs) {
      expect([Properties.RetentionInDays, DeletionPolicy]).toEqual([Number(deployment.retention.logs), 'Retain']);
    }
    if (real) expect(Number(deployment.retention.logs)).toBeGreaterThanOrEqual(183); // MLPS 2.0: six months
    for (const [, { Properties }] of functions) expect(referredIn(at(Properties, 'LoggingConfig', 'LogGroup'))).toMatch(/Log/);
  });

  test('allows no action by a pattern, and resources by a pattern only where there is a reason', () => {
    for (const { within, effect, actions, resources } of statementsIn(made)) {
      expect(effect).toBe('Allow');
      for (const action of actions) expect(`${within} ${action}`).not.toContain('*');
      const wide = resources.filter((resource) => resource.includes('*'));
      for (const resource of wide) expect(WILDCARDS).toContainEqual(resource);
      if (wide.includes('*')) for (const action of actions) expect(action).toMatch(WITHOUT_RESOURCES);
    }
  });

  test('lets nobody scan a table, and only who keeps the register, tasks, addresses of receivers, open exports or personal data delete an item', () => {
    const actions = statementsIn(made).flatMap(({ within, actions }) => actions.map((action) => [within, action] as const));
    expect(actions.filter(([, action]) => /Scan|PartiQL|DeleteTable|UpdateTable/.test(action))).toEqual([]);
    const deleting = actions.filter(([, action]) => action === 'dynamodb:DeleteItem').map(([within]) => within);
    expect(
      deleting.filter(
        (within) =>
          !/^(?:ServeRegister|ImportList|AssignTasks|RevealDraw|ServeTasks|SweepTasks|ServeChannels|CloseExport|ServeExports)/.test(
            within,
          ),
      ),
    ).toEqual([]);
  });

  test('lets only one function make the secret of a draw and one open it, and only those of draws read what is secret until the reveal', () => {
    const who = (may: (statement: Statement) => boolean) =>
      [
        ...new Set(
          statementsIn(made)
            .filter(may)
            .map(({ within }) => within.replace(/Role\w+$/, '')),
        ),
      ].sort();
    const ofRosters = (action: string) => (statement: Statement) =>
      statement.actions.includes(action) && statement.resources.some((one) => one.startsWith('<DrawsArn>/rosters'));
    const ofPublished = (action: string) => (statement: Statement) =>
      statement.actions.includes(action) && statement.resources.some((one) => one.startsWith('<DrawsArn>/published'));
    const withKey = (action: string, key: string) => (statement: Statement) =>
      statement.actions.includes(action) && statement.resources.includes(`<${key}Arn>`);
    expect(who(withKey('kms:Encrypt', 'DrawKey'))).toEqual(['FreezeDraw']);
    expect(who(withKey('kms:Decrypt', 'DrawKey'))).toEqual(['DrawLots']);
    // Where a subscription's address is pasted it cannot be read back, and who reads it cannot put another in its place.
    expect(who(withKey('kms:Encrypt', 'ChannelKey'))).toEqual(['ServeChannels']);
    expect(who(withKey('kms:Decrypt', 'ChannelKey'))).toEqual(['SendMessage']);
    const withAnyKey = ({ actions, resources }: Statement) =>
      actions.some((one) => one.startsWith('kms:')) && !resources.includes('<SealKeyArn>'); // of that: archive.test.ts
    for (const { actions, resources } of statementsIn(made).filter(withAnyKey)) {
      expect(actions).toEqual([expect.stringMatching(/^kms:(?:Encrypt|Decrypt)$/)]);
      expect(resources).toEqual([expect.stringMatching(/^<(?:Draw|Channel)KeyArn>$/)]);
    }
    const drawing = ['AssignTasks', 'DrawLots', 'FreezeDraw', 'RevealDraw', 'ServeDraws', 'SweepDraws'];
    expect(who(ofRosters('s3:GetObject'))).toEqual(drawing);
    expect(who(ofRosters('s3:PutObject'))).toEqual(drawing.filter((one) => one !== 'AssignTasks' && one !== 'RevealDraw'));
    expect(who(ofPublished('s3:GetObject'))).toEqual(['ServePublished', 'SweepTasks']);
    expect(who(ofPublished('s3:PutObject'))).toEqual(['FreezeDraw', 'RevealDraw', 'SweepTasks']);
  });

  test('lets the door that is open to everybody write what witnesses cosigned, and nothing else', () => {
    const of = statementsIn(made).filter(({ within }) => within.startsWith('ServePublished'));
    const writing = of.filter(({ actions }) => actions.some((action) => /(?:Put|Update|Delete|Write)/.test(action)));
    const data = writing.filter(({ actions }) => !actions.every((action) => /^(?:logs|xray):/.test(action)));
    const key = 'dynamodb:LeadingKeys';
    expect(data.map(({ actions, resources, conditions }) => [actions, resources, conditions])).toEqual([
      [
        ['dynamodb:GetItem', 'dynamodb:PutItem'],
        ['<ExportsArn>'],
        { 'ForAllValues:StringEquals': { [key]: [`${deployment.county}#COSIGNED`] }, Null: { [key]: 'false' } },
      ],
    ]);
  });

  test('gives what sends messages its queue, the receivers and their key, and nothing else of the county', () => {
    const of = statementsIn(made).filter(({ within }) => within.startsWith('SendMessage'));
    const own = of.filter(({ actions }) => !actions.every((action) => /^(?:logs|xray):/.test(action)));
    const key = 'dynamodb:LeadingKeys';
    const partition = `${deployment.county}#RECEIVERS`;
    expect(own.map(({ actions, resources, conditions }) => [actions, resources, conditions])).toEqual([
      [
        ['dynamodb:GetItem', 'dynamodb:PutItem'],
        ['<ChannelsArn>'],
        { 'ForAllValues:StringEquals': { [key]: [partition] }, Null: { [key]: 'false' } },
      ],
      [['kms:Decrypt'], ['<ChannelKeyArn>'], undefined],
      [['sqs:SendMessage'], [expect.stringMatching(/^<QueuesWakes[0-9A-F]{8}>$/)], undefined],
      [
        ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        [expect.stringMatching(/^<QueuesShipments[0-9A-F]{8}>$/)],
        undefined,
      ],
    ]);
    const logging = of.filter((one) => !own.includes(one)).flatMap(({ actions }) => actions);
    expect(logging.filter((action) => action.startsWith('logs:'))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    // Nobody else may give it a right: neither may it assume one, nor does a key or a queue name it.
    expect(JSON.stringify(state)).not.toContain('SendMessage');
  });

  test('hands the secrets of receivers to nobody who could tell them: whoever reads them may not decrypt, but for the sender', () => {
    const reading = statementsIn(made).filter(
      ({ actions, resources }) =>
        resources.some((one) => one.startsWith('<ChannelsArn>')) && actions.some((one) => /(?:Get|Query)/.test(one)),
    );
    const who = new Set(reading.map(({ within }) => within.replace(/Role\w+$/, '')));
    expect([...who].sort()).toEqual([
      ...['AddressReminders', 'AnnounceDeadlines', 'ComposeMessages', 'SendMessage', 'ServeChannels'],
      'ServeExports', // whether somebody's name still stands there
    ]);
  });

  test('runs its schedules in the county’s zone, and none where time is simulated', () => {
    const schedules = ofType(made, 'AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThan(0);
    for (const [, { Properties }] of schedules) {
      expect(Properties).toMatchObject({
        ScheduleExpressionTimezone: 'Asia/Shanghai',
        State: real ? 'ENABLED' : 'DISABLED',
        Target: { DeadLetterConfig: { Arn: expect.anything() } },
      });
    }
  });

  test('keeps the rules of AWS Solutions, or says in a sentence why not', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<unknown>(data));
    expect(reasons.length).toBeGreaterThan(0);
    for (const [rule, reason] of reasons) expect(`${rule}: ${reason}`).toMatch(/: .{30,}\.$/);
  });

  test('traces where it may', () => {
    const modes = ofType(made, 'AWS::Lambda::Function').map(([, { Properties }]) => at(Properties, 'TracingConfig', 'Mode'));
    expect(new Set(modes)).toEqual(new Set([deployment.features.tracing ? 'Active' : undefined]));
  });
});
