import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  LAKE_FORMATS,
  LAKE_PARTITION,
  type LakeColumn,
  lakeDatabase,
  lakeProjection,
  lakeTableName,
  lakeTables,
} from '../../../shared/archive/lake.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import type { Deployment } from '../../deployments/deployment.ts';

export interface LakeProps {
  readonly deployment: Deployment;
  readonly archive: Bucket;
}

const written = ({ name, type, comment }: LakeColumn): CfnTable.ColumnProperty => ({ name, type, comment });

/** The bundles of days as tables of Glue, for Athena. It reads what is sealed and changes nothing of it; who may ask is the account's to say. */
export class Lake extends Construct {
  readonly database: string;

  constructor(scope: Construct, id: string, { deployment, archive }: LakeProps) {
    super(scope, id);
    const county = countyCode(deployment.county);
    this.database = lakeDatabase(deployment.id);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.database, description: `${deployment.name}（${deployment.id}）已封存的台账，按日导出包` },
    });
    for (const table of lakeTables(county)) {
      const { serde, input, output, parameters } = LAKE_FORMATS[table.format];
      const one = new CfnTable(this, `${table.name.charAt(0).toUpperCase()}${table.name.slice(1)}`, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: this.database,
        tableInput: {
          name: lakeTableName(table, county),
          description: table.comment,
          tableType: 'EXTERNAL_TABLE',
          parameters: { EXTERNAL: 'TRUE', ...lakeProjection(table, archive.bucketName) },
          partitionKeys: table.isByBundle ? [written(LAKE_PARTITION)] : [],
          storageDescriptor: {
            columns: table.columns.map(written),
            location: `s3://${archive.bucketName}/${table.isByBundle ? 'day/' : table.folder}`,
            inputFormat: input,
            outputFormat: output,
            serdeInfo: { serializationLibrary: serde, parameters },
          },
        },
      });
      one.node.addDependency(database);
    }
  }
}
