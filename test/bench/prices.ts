/**
 * List prices in USD, US East, without free tiers, as shared/reference/engineering.md 1.2 gives them with their sources. The bench
 * counts units and multiplies; nothing here is a result.
 */
export const PRICES = {
  /** DynamoDB on demand, per unit. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** Step Functions Standard, per state entered, retries included. */
  stateTransition: 25e-6,
  /** EventBridge Scheduler, per invocation. */
  schedule: 1e-6,
  /** EventBridge custom event. */
  busEvent: 1e-6,
  lambdaRequest: 0.2e-6,
  /** arm64, per GB-second. */
  lambdaGbSecond: 13.33e-6,
  httpApiRequest: 1e-6,
} as const;

/** A province's mix of colours and how often each is checked in a month (engineering.md 1.1). */
export const MIX = { RED: 0.02, ORANGE: 0.08, YELLOW: 0.3, BLUE: 0.6 } as const;
/** Share of checks that find a hazard, an assumption of engineering.md 1.1. */
export const HAZARDS_PER_CHECK = 0.02;
export const DAYS_PER_MONTH = 365.25 / 12;
