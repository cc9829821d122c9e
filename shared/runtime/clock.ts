import { type Instant, instantAt, later } from '../domain/calendar.ts';

/** The one place that asks what time it is. Everything else is told. */
export const now = (): Instant => instantAt(Date.now());

/**
 * When something is done that was meant for an instant: then, or now, if it comes to it late. Nobody's clock runs in a county whose time is
 * simulated.
 */
export const byNow =
  (isSimulated: boolean) =>
  (meant: Instant): Instant =>
    isSimulated ? meant : later(meant, now());
