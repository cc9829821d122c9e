// `npm test`: sets up what is missing, then runs every check and every layer of the tests; the first that fails ends it.
import { giveUp, interruption, run, setUp } from './setup.mjs';

const STEPS = ['check', 'test:workflows', 'test:infra', 'test:integration'];

const signal = interruption();
try {
  await setUp(signal);
  const times = [];
  for (const step of STEPS) {
    const begun = Date.now();
    const code = await run('npm', ['run', step], { signal });
    times.push(`${step} ${Math.round((Date.now() - begun) / 1000)} s`);
    if (code !== 0) process.exit(code);
  }
  console.log(`\nAll green: ${times.join(', ')}.`);
} catch (error) {
  giveUp(error);
}
