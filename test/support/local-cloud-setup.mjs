// jest loads its global set-up without the project's transform, so this file is plain and brings in the one that does the work.
import { register } from 'tsx/esm/api';
import { raised } from './local-cloud-raised.mjs';

export default async function setUpCloud() {
  register();
  const { raise } = await import('./local-cloud-raise.ts');
  raised.cloud = await raise();
}
