// `npm run bench`: sets up what is missing, then hands over to TypeScript.
import { giveUp, interruption, setUp } from '../../infra/local/setup.mjs';

const signal = interruption();
try {
  await setUp(signal);
  const { register } = await import('tsx/esm/api');
  register();
  const { bench } = await import('./run.ts');
  await bench(signal);
} catch (error) {
  giveUp(error);
}
