import type { RandomnessSource } from '../../shared/runtime/randomness.ts';

const MIRRORS = ['https://api.drand.sh', 'https://api2.drand.sh', 'https://api3.drand.sh', 'https://drand.cloudflare.com'];

/**
 * The drand chain quicknet: a value every three seconds, which proves itself. Whether its mirrors can be reached from the mainland is
 * not known, so nothing there depends on it: two persons enter the value, from any phone that reaches one.
 */
export const quicknet = (partition: 'aws' | 'aws-cn'): RandomnessSource => ({
  type: 'drand',
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  genesis: 1692803367,
  period: 3,
  mirrors: partition === 'aws' ? MIRRORS : [],
});
