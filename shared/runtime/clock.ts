import { type Instant, instantAt } from '../domain/calendar.ts';

/** The one place that asks what time it is. Everything else is told. */
export const now = (): Instant => instantAt(Date.now());
