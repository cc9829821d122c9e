/** What is measured of composing, for alarms and the dashboard: kinds of channel and counts, nothing that names anybody. */
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { NAMESPACE } from './environment.ts';

/** By county, and by county and kind of channel. In reminders, but for `Retried`, which is in attempts. */
export const METRICS = {
  Delivered: 'Count',
  Dropped: 'Count',
  Dead: 'Count',
  Retried: 'Count',
  /** Of each reminder that was delivered: from when it was due until its receiver had it. */
  SecondsFromDue: 'Seconds',
  /** Of what is due and not under way: how long the oldest has waited. */
  OldestWaitingSeconds: 'Seconds',
} as const;
export type Metric = keyof typeof METRICS;

/** The service reads at most so many values of one metric in one line. */
const MOST_VALUES = 100;

/** One line of the log in CloudWatch's embedded metric format, which needs no call and no permission. */
export function measured(
  county: CountyCode,
  channel: string,
  at: Instant,
  values: Readonly<Partial<Record<Metric, number | readonly number[]>>>,
): Record<string, unknown> {
  const known = Object.entries(METRICS).filter(([name]) => name in values);
  const Metrics = known.map(([Name, Unit]) => ({ Name, Unit }));
  return {
    _aws: {
      Timestamp: epochMs(at),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['County'], ['County', 'Channel']], Metrics }],
    },
    County: county,
    Channel: channel,
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : value.slice(0, MOST_VALUES)]),
    ),
  };
}
