/** What is measured of composing, for alarms and the dashboard: kinds of channel and counts, nothing that names anybody. */
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { NAMESPACE } from '../../shared/runtime/metric-line.ts';

/** By county, and by county and kind of channel. In reminders, but for `Retried`, which is in attempts. */
export const METRICS = {
  Delivered: 'Count',
  Dropped: 'Count',
  Dead: 'Count',
  Retried: 'Count',
  /** Of each reminder that was delivered: from when it was due until its receiver had it. */
  SecondsFromDue: 'Seconds',
  /** Of what is due and in no message, where neither quiet hours hold it nor one before it: how long the oldest has waited when a call ends. */
  OldestWaitingSeconds: 'Seconds',
} as const;
export type Metric = keyof typeof METRICS;
export type Measured = Readonly<Partial<Record<Metric, readonly number[]>>>;

/** The service reads at most so many values of one metric in one line. */
const MOST_VALUES = 100;

export const secondsBetween = (from: Instant, until: Instant): number => Math.max(0, (epochMs(until) - epochMs(from)) / 1000);

/** Of deliveries that ended with a message. */
export const measuredOf = (
  deliveries: readonly Pick<Delivery, 'due'>[],
  state: 'delivered' | 'dead',
  endedAt: Instant,
): Measured =>
  state === 'dead'
    ? { Dead: [deliveries.length] }
    : { Delivered: [deliveries.length], SecondsFromDue: deliveries.map(({ due }) => secondsBetween(due, endedAt)) };

/** What is counted is counted together; of the seconds each counts. */
export function sumMeasured(all: readonly Measured[]): Measured {
  const values = (name: Metric): number[] =>
    all.flatMap((one) => one[name] ?? []).filter((value) => METRICS[name] !== 'Count' || value > 0);
  const summed = (name: Metric): readonly number[] =>
    METRICS[name] === 'Count' ? [values(name).reduce((sum, value) => sum + value, 0)] : values(name);
  const measured = (Object.keys(METRICS) as Metric[]).filter((name) => values(name).length > 0);
  return Object.fromEntries(measured.map((name) => [name, summed(name)]));
}

/** Lines of the log in CloudWatch's embedded metric format, which need no call and no permission. */
export function metricLines(county: CountyCode, channel: string, at: Instant, measured: Measured): Record<string, unknown>[] {
  const longest = Math.max(0, ...Object.values(measured).map((values) => values.length));
  return Array.from({ length: Math.ceil(longest / MOST_VALUES) }, (_, line) => {
    const part = Object.entries(measured).flatMap(([name, values]) => {
      const some = values.slice(line * MOST_VALUES, (line + 1) * MOST_VALUES);
      return some.length === 0 ? [] : [[name as Metric, some] as const];
    });
    const Metrics = part.map(([Name]) => ({ Name, Unit: METRICS[Name] }));
    return {
      _aws: {
        Timestamp: epochMs(at),
        CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['County'], ['County', 'Channel']], Metrics }],
      },
      County: county,
      Channel: channel,
      ...Object.fromEntries(part),
    };
  });
}
