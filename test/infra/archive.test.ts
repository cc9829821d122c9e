/** What seals and exports a county: that nobody can take back what is sealed, and that each part may do its own and nothing more. */
import { deployment as real } from '../../infra/deployments/533102.ts';
import type { Deployment } from '../../infra/deployments/deployment.ts';
import { exportExpression } from '../../infra/stacks/archive/exporting.ts';
import { NEWEST } from '../../infra/stacks/service/shared.ts';
import { lakeTables } from '../../shared/archive/lake.ts';
import { publishedFolder } from '../../shared/data/draw-files.ts';
import { publishedKeys } from '../../shared/data/published.ts';
import { countyCode, department, taskId } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { signingKeysSetting } from '../../shared/runtime/signing-keys.ts';
import { firings } from '../support/cron.ts';
import { at, everywhere, flat, ofType, type Statement, statementsIn, synthesise } from '../support/synthesised.ts';

const DAY_MS = 86_400_000;
/** The role that a bootstrap made for CloudFormation, and none that is named alike. */
const DEPLOYING = /:role\/cdk-hnb659fds-cfn-exec-role-(?:\d{12}|<AWS::AccountId>)-(?:[a-z]+-[a-z]+-\d|<AWS::Region>)$/;
const ARCHIVING = ['BeginExport', 'CloseExport', 'ExportSlice', 'ReconcileLedger', 'SealLedger', 'ServeExchange', 'ServeExports'];

const [GET, PUT] = ['s3:GetObject', 's3:PutObject'];
const RECORD = { '<LedgerArn>': ['PutItem'], '<PersonalArn>': ['PutItem'] };
const SEAL = {
  '<ExportsArn>': ['BatchGetItem', 'GetItem', 'PutItem', 'Query'],
  '<LedgerArn>': ['BatchGetItem', 'PutItem', 'Query'],
  '<PersonalArn>': ['PutItem'],
  '<ArchiveArn>': ['s3:ListBucket'],
  '<ArchiveArn>/log/*': [GET, PUT],
  '<SealKeyArn>': ['kms:GetPublicKey', 'kms:Sign'],
};
const WRITE = {
  '<ArchiveArn>': ['s3:ListBucket'],
  '<ArchiveArn>/log/*': [GET],
  '<ArchiveArn>/day/*': [GET, PUT],
  '<ArchiveArn>/month/*': [GET, PUT],
  '<RequestsArn>': ['s3:ListBucket'],
  '<RequestsArn>/requested/*': [GET, PUT],
};
/** What each function may do to what; of items where no service is named. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  SealLedger: {
    ...SEAL,
    '<LedgerStreamArn>': ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
    '<SealingSealingDeadLetters>': ['sqs:SendMessage'],
  },
  ReconcileLedger: {
    ...SEAL,
    '<LedgerArn>/index/byDay': ['Query'],
    '<SealingLogReconciliationLogReconciliationDeadLetters>': ['sqs:SendMessage'],
  },
  BeginExport: {
    ...RECORD,
    '<ExportsArn>': ['GetItem', 'PutItem', 'Query'],
    '<InspectionsArn>/index/byOwner': ['Query'],
    '<ArchiveArn>': ['s3:ListBucket'],
    '<ArchiveArn>/log/*': [GET],
  },
  ExportSlice: {
    ...WRITE,
    '<ExportsArn>': ['GetItem', 'PutItem'],
    '<RequestsArn>/working/*': [GET, PUT],
    '<EvidenceArn>': ['s3:ListBucket'],
    '<EvidenceArn>/evidence/*': [GET],
  },
  CloseExport: {
    ...RECORD,
    ...WRITE,
    '<ExportsArn>': ['DeleteItem', 'GetItem', 'PutItem', 'Query'],
    '<ArchiveArn>/requested/*': [GET, PUT],
    '<RequestsArn>/working/*': [GET, PUT],
  },
  ServeExchange: {
    ...RECORD,
    '<LedgerArn>': ['GetItem', 'PutItem'],
    '<ExportsArn>': ['GetItem', 'PutItem', 'Query'],
    '<RegisterArn>': ['GetItem', 'Query'],
    '<HazardsArn>/index/byOwner': ['Query'],
  },
  ServeExports: {
    '<ExportsArn>': ['GetItem', 'PutItem', 'Query'],
    '<LedgerArn>': ['GetItem', 'PutItem', 'Query'],
    '<PersonalArn>': ['BatchGetItem', 'PutItem', 'Query'],
    '<RegisterArn>': ['GetItem', 'PutItem', 'Query'],
    '<HazardsArn>': ['GetItem', 'PutItem'],
    '<InspectionsArn>': ['GetItem', 'PutItem'],
    '<ChannelsArn>': ['GetItem', 'PutItem'],
    '<ArchiveArn>': ['s3:ListBucket'],
    '<ArchiveArn>/day/*': [GET],
    '<ArchiveArn>/month/*': [GET],
    '<ArchiveArn>/requested/*': [GET],
    '<RequestsArn>': ['s3:ListBucket'],
    '<RequestsArn>/requested/*': [GET],
    '<ExportingExportWorkflowStateMachine>': ['states:StartExecution'],
    '<executions>': ['states:DescribeExecution'],
  },
};

/** The functions to whose roles a statement belongs. */
const nameOf = ({ within }: Statement): string => within.replace(/(?:Role|Later)\w+$/, '');

describe.each(everywhere)('%s', (_, deployment) => {
  const { state, archive, made } = synthesise(deployment);
  const { exports } = policyFor(countyCode(deployment.county), NEWEST);
  const statements = statementsIn(made);
  const who = (may: (statement: Statement) => boolean) => [...new Set(statements.filter(may).map(nameOf))].sort();
  const mayOn = (resource: string, action: RegExp) => (statement: Statement) =>
    statement.actions.some((one) => action.test(one)) && statement.resources.some((one) => one.startsWith(resource));
  const policyOf = (bucket: string) =>
    ofType(state, 'AWS::S3::BucketPolicy')
      .filter(([, { Properties }]) => flat(Properties.Bucket) === `<${bucket}>`)
      .flatMap(([, { Properties }]) => Object(at(Properties, 'PolicyDocument', 'Statement')));

  describe.each(['Archive', 'Evidence', 'Draws'])('%s', (bucket) => {
    test('locks what lies there for the years of the policy, so that nobody can shorten it, in versions that are all kept', () => {
      const { Properties: properties, DeletionPolicy } = state[bucket] ?? {};
      expect(properties).toMatchObject({ ObjectLockEnabled: true, VersioningConfiguration: { Status: 'Enabled' } });
      const { Mode, Days } = Object(at(properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention'));
      expect(Mode).toBe('COMPLIANCE');
      const [from, until] = [Date.UTC(2027, 0, 1), Date.UTC(2027 + exports.retention.years, 0, 1)];
      expect(Days * DAY_MS).toBeGreaterThanOrEqual(until - from);
      // Nothing expires, also not once it may.
      const rules = Object(at(properties, 'LifecycleConfiguration', 'Rules'));
      expect(rules).toEqual([{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }]);
      if (deployment.isProtected) expect(DeletionPolicy).toBe('Retain');
    });

    test('forbids everybody, administrators too, to delete there and to change its lock, versions, lifecycle or policy', () => {
      const forbidden = policyOf(bucket).filter(({ Effect, Principal }) => Effect === 'Deny' && at(Principal, 'AWS') === '*');
      const always = forbidden.filter(({ Condition }) => Condition === undefined);
      expect(always.map(({ Action, Resource }) => [Action, flat(Resource)])).toEqual([
        [
          [
            ...['s3:DeleteBucket', 's3:DeleteBucketPolicy', 's3:PutBucketObjectLockConfiguration'],
            ...['s3:PutBucketVersioning', 's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration'],
          ],
          `<${bucket}>`,
        ],
        [
          [
            ...['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
            ...['s3:PutObjectLegalHold', 's3:PutObjectRetention', 's3:ReplicateDelete', 's3:ReplicateObject'],
          ],
          `<${bucket}>/*`,
        ],
      ]);
      // But for a deployment, which could never amend it otherwise.
      const [policy, ...others] = forbidden.filter(({ Action }) => String(Action).includes('s3:PutBucketPolicy'));
      expect([policy.Action, flat(policy.Resource), Object.keys(policy.Condition), others]).toEqual([
        ...[['s3:PutBucketLogging', 's3:PutBucketPolicy'], `<${bucket}>`],
        ...[['ArnNotEquals'], []],
      ]);
      expect(flat(at(policy.Condition, 'ArnNotEquals', 'aws:PrincipalArn'))).toMatch(DEPLOYING);
      for (const { Effect, Principal } of policyOf(bucket)) {
        if (Effect === 'Allow') expect(Principal).toEqual({ Service: 'logging.s3.amazonaws.com' });
      }
    });
  });

  test('lets only what writes access logs into what was asked for', () => {
    for (const { Effect, Principal } of policyOf('Requests')) {
      if (Effect === 'Allow') expect(Principal).toEqual({ Service: 'logging.s3.amazonaws.com' });
    }
  });

  test.each([
    ['Archive', ['day/*', 'log/*/large/*', 'log/*/tile/*', 'month/*', 'requested/*']],
    [
      'Draws',
      [
        ...['published/policy/*', `published/results/${deployment.county}.*/?.*.json`],
        ...[`published/${deployment.county}.*/??????/*`, 'rosters/*'],
      ],
    ],
  ])('lets nobody put a second version over what is put once: %s', (bucket, keys) => {
    const [overwriting, ...others] = policyOf(bucket).filter(({ Action }) => Action === 's3:PutObject');
    expect(others).toEqual([]);
    expect(overwriting).toMatchObject({
      ...{ Effect: 'Deny', Principal: { AWS: '*' } },
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(Object(overwriting.Resource).map(flat).sort()).toEqual(keys.map((key) => `<${bucket}>/${key}`).sort());
  });

  test('holds by these names every file of a draw, and no index', () => {
    const [overwriting] = policyOf('Draws').filter(({ Action }) => Action === 's3:PutObject');
    const names = Object(overwriting.Resource).map((one: unknown) => {
      const quoted = flat(one).replace('<Draws>/', '').replace(/[.]/g, '\\$&');
      return new RegExp(`^${quoted.replaceAll('*', '.*').replaceAll('?', '.')}$`);
    });
    const isHeld = (key: string): boolean => names.some((name: RegExp) => name.test(key));
    const county = countyCode(deployment.county);
    const keys = publishedKeys(county);
    const yjj = department('YJJ');
    const draw = { county, authority: yjj, number: 17 };
    const task = taskId('R.YJJ.202606.1.0001');
    expect(
      [`${publishedFolder(draw)}/announcement.json`, keys.policy('0'), keys.result(yjj, 17, task)].filter((key) => !isHeld(key)),
    ).toEqual([]);
    expect([keys.draws, keys.drawsOf(yjj), keys.resultsOf(yjj, 17), keys.itemsOf(yjj), keys.plansOf(yjj)].filter(isHeld)).toEqual(
      [],
    );
  });

  test('lets no link live longer than the policy says, whoever made it', () => {
    for (const bucket of ['Archive', 'Requests']) {
      expect(policyOf(bucket)).toContainEqual({
        ...{ Effect: 'Deny', Principal: { AWS: '*' }, Resource: expect.anything() },
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Condition: { NumericGreaterThan: { 's3:signatureAge': `${exports.links.readWithin.minutes * 60_000}` } },
      });
    }
  });

  test('records every download by a link where nobody who hands out links can write', () => {
    for (const bucket of ['Archive', 'Requests']) {
      expect(at(state[bucket], 'Properties', 'LoggingConfiguration')).toEqual({
        ...{ DestinationBucketName: { Ref: 'AccessLogs' }, LogFilePrefix: `${bucket.toLowerCase()}/` },
      });
    }
    expect(statements.filter(({ resources }) => resources.some((one) => one.startsWith('<AccessLogs')))).toEqual([]);
    const forbidden = policyOf('AccessLogs').filter(({ Effect, Principal }) => Effect === 'Deny' && at(Principal, 'AWS') === '*');
    const [deleting, changing] = ['s3:DeleteObject', 's3:PutBucketPolicy'].map((one) =>
      forbidden.find(({ Action }) => String(Action).includes(one)),
    );
    expect(deleting).toMatchObject({ Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'] });
    expect(deleting).not.toHaveProperty('Condition');
    expect(changing.Action).toEqual(['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration']);
    expect(flat(at(changing.Condition, 'ArnNotEquals', 'aws:PrincipalArn'))).toMatch(DEPLOYING);
  });

  test('gives no role a right by which anything sealed could be deleted, unlocked or hidden, or a key be ended', () => {
    const actions = statements.flatMap((statement) => statement.actions.map((action) => `${nameOf(statement)} ${action}`));
    const never =
      /s3:(?:Delete|Bypass|PutBucket|PutObject(?:Retention|LegalHold|Acl)|PutLifecycle|PutReplication)|kms:(?:Schedule|Disable|PutKeyPolicy|Create)|\*/;
    expect(actions.filter((action) => never.test(action))).toEqual([]);
  });

  test('keeps what was asked for no longer than the policy says', () => {
    expect(state.Requests?.Properties).not.toHaveProperty('ObjectLockEnabled');
    const [rule, ...others] = Object(at(state.Requests, 'Properties', 'LifecycleConfiguration', 'Rules'));
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ Status: 'Enabled', ExpirationInDays: exports.requested.kept.days });
    expect(at(rule, 'NoncurrentVersionExpiration', 'NoncurrentDays')).toBe(1);
    expect(rule).not.toHaveProperty('Prefix');
  });

  test('lets go of uploaded lists within the days that removals promise, and keeps access logs for a year', () => {
    const [lists, logs] = ['Imports', 'AccessLogs'].map((bucket) =>
      Object(at(state[bucket], 'Properties', 'LifecycleConfiguration', 'Rules')),
    );
    expect(lists).toMatchObject([
      { ExpirationInDays: deployment.retention.importedFilesDays, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ]);
    expect(logs).toMatchObject([{ Status: 'Enabled', ExpirationInDays: 365 }]);
  });

  test('has a key that signs by Ed25519, and lets only what seals sign', () => {
    expect(state.SealKey).toMatchObject({
      Properties: { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' },
      DeletionPolicy: deployment.isProtected ? 'Retain' : 'Delete',
    });
    expect(who(({ actions }) => actions.includes('kms:Sign'))).toEqual(['ReconcileLedger', 'SealLedger']);
    const ofKey = statements.filter(({ resources }) => resources.includes('<SealKeyArn>'));
    for (const { actions } of ofKey) expect(actions).toEqual(['kms:GetPublicKey', 'kms:Sign']);
    const [statement, , ...others] = Object(at(state.SealKey, 'Properties', 'KeyPolicy', 'Statement'));
    expect([JSON.stringify(at(statement, 'Principal')), others]).toEqual([expect.stringContaining(':iam::'), []]);
  });

  test.each(['SealKey', 'DrawKey', 'ChannelKey'])(
    'forbids everybody but a deployment to end the %s or to change who may',
    (key) => {
      const statements = Object(at(state[key], 'Properties', 'KeyPolicy', 'Statement'));
      const [forbidden, ...others] = statements.filter(({ Effect }: { readonly Effect: string }) => Effect === 'Deny');
      expect(forbidden).toMatchObject({
        ...{ Principal: { AWS: '*' }, Resource: '*' },
        Action: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
      });
      expect([Object.keys(forbidden.Condition), others]).toEqual([['ArnNotEquals'], []]);
      expect(flat(at(forbidden.Condition, 'ArnNotEquals', 'aws:PrincipalArn'))).toMatch(DEPLOYING);
    },
  );

  test('keeps every table from being deleted, and as it was at each second of 35 days', () => {
    const tables = ofType(state, 'AWS::DynamoDB::GlobalTable');
    expect(tables.length).toBeGreaterThan(6);
    for (const [id, { Properties, DeletionPolicy }] of tables) {
      const [replica, ...others] = Object(Properties.Replicas);
      expect([id, others]).toEqual([id, []]);
      expect(replica).toMatchObject({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
      expect([id, replica.DeletionProtectionEnabled, DeletionPolicy]).toEqual([
        ...[id, deployment.isProtected, deployment.isProtected ? 'Retain' : 'Delete'],
      ]);
    }
  });

  test('lets only what serves exports read personal data or take it away', () => {
    expect(who(mayOn('<PersonalArn>', /Get|Query|Scan|Delete|Update/))).toEqual(['ServeExports']);
    // Whoever writes facts may put there: so there is nobody else.
    const putting = who(mayOn('<PersonalArn>', /PutItem/));
    const recording = who(mayOn('<LedgerArn>', /PutItem/));
    expect(putting.filter((one) => !recording.includes(one))).toEqual([]);
  });

  test('lets only what seals put into the log, only what exports into bundles, and what serves neither', () => {
    const putting = (prefix: string) => who(mayOn(prefix, /s3:PutObject/));
    expect(putting('<ArchiveArn>/log')).toEqual(['ReconcileLedger', 'SealLedger']);
    expect(putting('<ArchiveArn>/day')).toEqual(['CloseExport', 'ExportSlice']);
    expect(putting('<ArchiveArn>/month')).toEqual(['CloseExport', 'ExportSlice']);
    expect(putting('<ArchiveArn>/requested')).toEqual(['CloseExport']);
    expect(putting('<RequestsArn>/')).toEqual(['CloseExport', 'ExportSlice']);
  });

  test('gives each part of the archive its own rights and nothing more', () => {
    const rights = (name: string): Record<string, string[]> => {
      const found: Record<string, string[]> = {};
      for (const { actions, resources } of statements.filter((one) => nameOf(one) === name)) {
        for (const resource of resources) {
          const known = resource.replace(/[0-9A-F]{8}>$/, '>').replace(/^.*:execution:.*$/, '<executions>');
          found[known] = [...(found[known] ?? []), ...actions.map((action) => action.replace(/^dynamodb:/, ''))].sort();
        }
      }
      return Object.fromEntries(
        Object.entries(found).filter(([, actions]) => !actions.every((one) => /^(?:logs|xray):/.test(one))),
      );
    };
    expect(Object.fromEntries(ARCHIVING.map((name) => [name, rights(name)]))).toEqual(RIGHTS);
  });

  test('has no function in the archive that the others of it do not know', () => {
    const functions = ofType(archive, 'AWS::Lambda::Function').map(([id]) => id.replace(/Function\w+$/, ''));
    expect(functions.sort()).toEqual(ARCHIVING);
  });

  test('gives what was recorded to what seals it within two thirds of the policy’s time', () => {
    const [mapping, ...others] = ofType(archive, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      ...{ BatchSize: 500, BisectBatchOnFunctionError: true, FunctionResponseTypes: ['ReportBatchItemFailures'] },
      ...{ MaximumBatchingWindowInSeconds: (exports.seal.within.minutes * 60 * 2) / 3, StartingPosition: 'TRIM_HORIZON' },
      ...{ DestinationConfig: { OnFailure: { Destination: expect.anything() } } },
    });
  });

  test('closes a day each night, once its stragglers have had their time', () => {
    const [schedule, ...others] = ofType(archive, 'AWS::Scheduler::Schedule')
      .map(([, { Properties }]) => Properties)
      .filter(({ Target }) => /Workflow/.test(flat(at(Target, 'Arn'))));
    expect(others).toEqual([]);
    const midnight = Date.UTC(2026, 4, 31, 16); // in Shanghai
    const fired = firings(String(schedule?.ScheduleExpression), midnight, midnight + 7 * DAY_MS);
    expect(fired).toHaveLength(7);
    const minutes = fired.map((one, day) => (one - midnight - day * DAY_MS) / 60_000);
    for (const one of minutes) {
      expect(one).toBeGreaterThanOrEqual(exports.day.closeAfter.minutes);
      expect(one).toBeLessThan(exports.day.closeAfter.minutes + 60);
    }
    expect(JSON.parse(String(at(schedule, 'Target', 'Input')))).toEqual({ at: '<aws.scheduler.scheduled-time>', asked: [] });
  });

  test('has the bundles of days as tables of a lake, whose partitions are worked out from their numbers', () => {
    const [[, database] = [], ...others] = ofType(archive, 'AWS::Glue::Database');
    expect(others).toEqual([]);
    const name = `dual_prevention_${deployment.id.replaceAll('-', '_')}`;
    expect(at(database, 'Properties', 'DatabaseInput', 'Name')).toBe(name);
    const tables = ofType(archive, 'AWS::Glue::Table').map(([, { Properties }]) => Properties);
    const lake = lakeTables(countyCode(deployment.county));
    expect(tables.map(({ TableInput }) => at(TableInput, 'Name'))).toEqual(
      lake.map((table) => `${table.name}_${deployment.county}`),
    );
    for (const [index, { DatabaseName, TableInput }] of tables.entries()) {
      expect(DatabaseName).toBe(name);
      const { folder = '', isByBundle = true } = lake[index] ?? {};
      expect(at(TableInput, 'PartitionKeys')).toMatchObject(isByBundle ? [{ Name: 'bundle', Type: 'int' }] : []);
      const parameters = Object(at(TableInput, 'Parameters'));
      const location = flat(at(TableInput, 'StorageDescriptor', 'Location'));
      if (isByBundle) {
        expect(parameters).toMatchObject({ 'projection.enabled': 'true', 'projection.bundle.type': 'integer' });
        const template = flat(parameters['storage.location.template']);
        expect(template).toBe(`s3://<Archive>/${folder}`);
        expect(template).toContain('/day/bundle=${bundle}/');
        expect(location).toBe('s3://<Archive>/day/');
        // As long as anything is locked its bundle is found.
        const [, last] = String(parameters['projection.bundle.range']).split(',');
        expect(Number(last)).toBeGreaterThan(2 * 366 * 10);
      } else {
        expect(parameters).toEqual({ EXTERNAL: 'TRUE' });
        expect(location).toBe(`s3://<Archive>/${folder}`);
      }
      const columns = at(TableInput, 'StorageDescriptor', 'Columns');
      expect(columns).toEqual(
        lake[index]?.columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
      );
    }
  });
});

test.each([
  [0, 'cron(5 0 * * ? *)'],
  [15, 'cron(20 0 * * ? *)'],
  [58, 'cron(3 1 * * ? *)'],
])('a day that may be closed %i minutes after midnight is closed by %s', (minutes, expression) => {
  expect(exportExpression(minutes)).toBe(expression);
});

describe('the keys that sign', () => {
  const keysOf = (deployment: Deployment) => {
    const { state, outputs, made } = synthesise(deployment);
    const text = flat(outputs.SigningKeys);
    const named: readonly string[] = signingKeysSetting.parse(text);
    return { keys: Object.keys(state).filter((id) => /^SealKey/.test(id)), named, made };
  };

  test('are followed by others while both sign', () => {
    const [first, second] = [1, 2].map((generation) => ({ signer: 'kms' as const, generation }));
    if (first === undefined || second === undefined) throw new Error('there are two');
    const { keys, named } = keysOf({ ...real, sealing: [first, second] });
    expect(named).toEqual(['<SealKeyArn>', '<SealKey2Arn>']);
    expect(keys.filter((id) => !/Alias/.test(id))).toEqual(['SealKey', 'SealKey2']);
  });

  test('may be provided where KMS has none: by the name of a secret that only what seals may read', () => {
    const { keys, named, made } = keysOf({ ...real, sealing: [{ signer: 'provided', secret: 'county/seal' }] });
    expect([keys, named]).toEqual([[], ['secret:county/seal']]);
    const reading = statementsIn(made).filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'));
    expect([...new Set(reading.map(nameOf))].sort()).toEqual(['ReconcileLedger', 'SealLedger']);
    for (const { resources } of reading) {
      expect(resources).toEqual([expect.stringMatching(/^arn:<AWS::Partition>:secretsmanager:.*:secret:county\/seal-\?{6}$/)]);
    }
    expect(statementsIn(made).flatMap(({ actions }) => actions)).not.toContain('kms:Sign');
  });
});

test('the log is named by the county’s data, or by the host of its own API', () => {
  const originOf = (deployment: Deployment) => synthesise(deployment).outputs.LogOrigin;
  expect(originOf({ ...real, logHost: 'log.example' })).toBe(`log.example/${real.county}`);
  expect(JSON.stringify(originOf(real))).toMatch(/"Fn::Select":\[2,.*ApiEndpoint.*\/533102/);
});

test('a witness that is named by the key of a log, or by none, is found out before anything is deployed', () => {
  const key = 'log.example/533102+63caf2ff+ATwOcwChY+7Q7zOJ7CxU8yDLClihhUpP4gYYMzTGGQs9';
  expect(() => synthesise({ ...real, witnesses: [key] })).toThrow('is a key of type 1, not of type 4');
  expect(() => synthesise({ ...real, witnesses: ['archive.example/witness'] })).toThrow('is not a verifier key');
});

describe('the time-stamp authority', () => {
  const name = 'an authority';

  test('is told to what closes bundles, and to nothing else', () => {
    const authority = { name, url: 'https://tsa.example/tsr' };
    const { made } = synthesise({ ...real, timestamping: authority });
    const told = ofType(made, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
      const value = at(Properties, 'Environment', 'Variables', 'TIMESTAMPING');
      return value === undefined ? [] : [[id.replace(/Function\w+$/, ''), JSON.parse(String(value))]];
    });
    expect(told).toEqual([['CloseExport', authority]]);
  });

  test.each(['http://tsa.example/', 'https://tsa.example:8443/', 'https://user@tsa.example/'])(
    'is not one that nothing would be sent to: %s',
    (url) => {
      expect(() => synthesise({ ...real, timestamping: { name, url } })).toThrow('is not asked by https on port 443');
    },
  );
});
