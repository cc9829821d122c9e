/** `npm run lake`: writes the views of Athena over every county that has a deployment. Run it after one comes or goes. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { athenaViews } from '../../shared/archive/lake-views.ts';
import { lakeCounties } from '../deployments/all.ts';

writeFileSync(fileURLToPath(new URL('../../shared/archive/lake/athena.sql', import.meta.url)), athenaViews(lakeCounties));
