import type { Times } from '../../constructs/scheduled-function.ts';

/** A deadline is noted within so many minutes of its passing. */
export const SWEEP_TIMES: Times = [{ id: 'EveryFewMinutes', expression: 'rate(5 minutes)' }];

/** Away from the full hour, when everybody's clocks strike. */
export const RECONCILIATION_TIMES: Times = [{ id: 'Hourly', expression: 'cron(17 * * * ? *)' }];
