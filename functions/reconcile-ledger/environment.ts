import { sealingEnvironment } from '../../shared/runtime/sealing-environment.ts';

/**
 * Called by a schedule with `{ at }`. Walks the ledger's days (index `byDay`) and reads its subjects, and seals what is not sealed yet:
 * beside that, all that `seal-ledger` may.
 */
export const environment = sealingEnvironment;
