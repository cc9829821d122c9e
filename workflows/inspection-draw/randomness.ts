import { RANDOMNESS_FILE } from '../../shared/draw/bundle.ts';
import { asSchema, canonical } from '../../shared/draw/canonical-json.ts';
import { randomness } from '../../shared/draw/sources.ts';

/** `randomness.json` of what the sources gave, each as its entry holds it. */
export const randomnessBytes = (values: readonly string[]): Uint8Array =>
  canonical(asSchema(randomness, { sources: values.map((value): unknown => JSON.parse(value)) }, RANDOMNESS_FILE));
