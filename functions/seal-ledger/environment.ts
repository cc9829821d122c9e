import { sealingEnvironment } from '../../shared/runtime/sealing-environment.ts';

/** Called by the ledger's stream. */
export const environment = sealingEnvironment;
