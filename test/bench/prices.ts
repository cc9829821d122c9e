/**
 * List prices in USD, US East, without free tiers, as shared/reference/engineering.md 1.2 gives them with their sources and marks
 * ([S] read in the primary source, [S2] second-hand, [U] unverified), and what the bench assumes of a county. It counts and multiplies;
 * nothing here is a result.
 */
export const PRICES = {
  /** DynamoDB on demand, per unit [S2]. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** DynamoDB with point-in-time recovery, per GB and month [S2]. */
  tableGbMonth: 0.25 + 0.2,
  /** Step Functions Standard, per state entered, retries included [S]. */
  stateTransition: 25e-6,
  /** EventBridge Scheduler, per invocation [S2]. */
  schedule: 1e-6,
  /** EventBridge custom event [S2]. */
  busEvent: 1e-6,
  /** [S2] */
  lambdaRequest: 0.2e-6,
  /** arm64, per GB-second [U]. */
  lambdaGbSecond: 13.33e-6,
  /** [U] */
  httpApiRequest: 1e-6,
  /** SQS standard, per request [S2]. */
  queueRequest: 0.4e-6,
  /** KMS, per request [U]. */
  keyRequest: 3e-6,
  /** KMS, per signature of an asymmetric key [U]. */
  signature: 15e-6,
  /** S3, per PUT, per GET, per GB and month [S2]. */
  put: 5e-6,
  get: 0.4e-6,
  bucketGbMonth: 0.023,
} as const;

/** A province's mix of colours (engineering.md 1.1, assumed); how often each is checked is the policy's. */
export const MIX = { RED: 0.02, ORANGE: 0.08, YELLOW: 0.3, BLUE: 0.6 } as const;
/** Share of checks that find a hazard (engineering.md 1.1, assumed). */
export const HAZARDS_PER_CHECK = 0.02;
/** Share of hazards that are major: an assumption of ours. Every one of them is taken to go the whole long way of the bench's major case. */
export const MAJOR_SHARE = 0.01;
/** Points that one person checks before he submits (engineering.md 1.5). */
export const ROUND_POINTS = 20;
/** Points of one owner and colour, and so of a page: as many as a round has, an assumption of ours. */
export const POINTS_PER_PAGE = 20;
/** One enterprise in so many has a miss when a period closes: an assumption of ours. */
export const PAGES_PER_MISS = 20;
/** Owners that have not done by then, of all that are told that a period or the month's list is about to end: an assumption of ours. */
export const STILL_OPEN_SHARE = 0.25;
/** Subscriptions that an owner's reminder goes to: his own group and one that is over him; an assumption of ours. */
export const SUBSCRIPTIONS_PER_OWNER = 2;
/** Deadlines of a case that come near before it is done: an assumption of ours. */
export const NEAR_PER_HAZARD = 1;
/** Reminders of checks that go in one message, since their periods begin and end together: an assumption of ours. All others go alone. */
export const CHECKS_PER_MESSAGE = 2;
/** Lambda polls a queue that is empty with so many requests at once, each for so many seconds [U]. */
export const QUEUE_POLLERS = 5;
export const QUEUE_POLL_SECONDS = 20;
/** Shards of the ledger's stream, which are sealed side by side [U]. */
export const STREAM_SHARDS = 4;
/** When nearly everything is recorded, in a month: 22 days of ten hours, an assumption of ours. */
export const WORKING_SECONDS = 22 * 10 * 3600;
/** A photograph as a telephone sends it: an assumption of ours. */
export const PHOTO_BYTES = 300_000;
/** Points of a county of the table; a province has several of them. */
export const COUNTY_POINTS = 100_000;
export const PROVINCE_POINTS = 1_000_000;
export const DAYS_PER_MONTH = 365.25 / 12;
/** The aims of engineering.md 1.6, per month and million points. */
export const AIMS = { scheduling: 0.2, everything: 25, reminders: { dollars: 1, number: 2_000_000 } } as const;
