/** Lines of the log in CloudWatch's embedded metric format, which need no call and no permission. */
import { epochMs, type Instant } from '../domain/calendar.ts';
import type { CountyCode } from '../domain/ids.ts';

/** Under which the system's metrics stand, by county. */
export const NAMESPACE = 'DualPrevention';

/** What is measured: its unit and its value. */
export type Measure = readonly ['Count' | 'Seconds', number];

/** One line of a county's metrics, each with one value. */
export const metricLine = (county: CountyCode, at: Instant, measured: Readonly<Record<string, Measure>>) => ({
  _aws: {
    Timestamp: epochMs(at),
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [['County']],
        Metrics: Object.entries(measured).map(([Name, [Unit]]) => ({ Name, Unit })),
      },
    ],
  },
  County: county,
  ...Object.fromEntries(Object.entries(measured).map(([name, [, value]]) => [name, value])),
});
