// `npm start`: sets up what is missing, then hands over to TypeScript.
import { giveUp, interruption, setUp } from './setup.mjs';

const signal = interruption();
try {
  await setUp(signal);
  const { register } = await import('tsx/esm/api');
  register();
  const { start } = await import('./start.ts');
  process.exitCode = await start(process.argv.slice(2), signal);
} catch (error) {
  giveUp(error);
}
