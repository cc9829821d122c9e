import { raised } from './local-cloud-raised.mjs';

export default async function tearDownCloud() {
  await raised.cloud?.stop();
}
