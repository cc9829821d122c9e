import { countyCode } from '../../shared/domain/ids.ts';
import { deployment as ruili } from './533102.ts';
import { deployment as ruiliSample } from './533102-sample.ts';
import { deployment as mangshi } from './533103.ts';
import { deployment as lianghe } from './533122.ts';
import { deployment as yingjiang } from './533123.ts';
import { deployment as longchuan } from './533124.ts';
import type { Deployment } from './deployment.ts';

/** Every installation there is. A county more is a file more and a line here. */
export const deployments: readonly Deployment[] = [ruili, mangshi, lianghe, yingjiang, longchuan, ruiliSample];

/** Whose bundles an analyst asks together: what a simulated county tells happened to nobody. */
export const lakeCounties = deployments
  .filter(({ simulation }) => !simulation)
  .map(({ id, county }) => ({ id, county: countyCode(county) }));
