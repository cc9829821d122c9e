/** Every county's installation in one synthesis. The only place that reads the environment or context; constructs are told. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { deployments } from './deployments/all.ts';
import { CountyStage } from './stages/county-stage.ts';

const app = new App();
for (const deployment of deployments) new CountyStage(app, deployment);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
