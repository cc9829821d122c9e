/** Who calls: a bearer token of an OIDC issuer, verified here and nowhere else (ASVS V9). */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { type Instant, instant } from '../domain/calendar.ts';
import { type Caller, ROLES } from '../domain/caller.ts';
import { type CountyCode, personId } from '../domain/ids.ts';
import { Problem } from './problem.ts';
import { named, owner } from './schemas.ts';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly county: CountyCode;
  readonly keys: JWTVerifyGetKey;
  /** What the signature may be made with: never what the token itself suggests. */
  readonly algorithms: readonly string[];
}

const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const REFRESH_AT_MOST_EVERY_MS = 30_000;
const KEYS_LIVE_MS = 600_000;
const CLOCK_TOLERANCE_SECONDS = 30;

/** The issuer's keys, fetched at first use, again for an unknown `kid` (not more often than every 30 s), and every 10 minutes. */
export const remoteKeys = (jwksUri: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: REFRESH_AT_MOST_EVERY_MS,
    cacheMaxAge: KEYS_LIVE_MS,
    timeoutDuration: 3_000,
  });

export const tokenRules = (rules: Omit<TokenRules, 'algorithms'>): TokenRules => ({ ...rules, algorithms: ALGORITHMS });

/** The claims we read; others may stand beside them, since the token is the issuer's document. */
const claims = z.object({
  sub: named(personId),
  role: z.enum(ROLES),
  county: z.string(),
  owner: owner.optional(),
  workshop: z.string().min(1).optional(),
  team: z.string().min(1).optional(),
  post: z.string().min(1).optional(),
});

/** Roles that act for one enterprise, township or department: a token without `owner` is not whole. */
const COUNTY_WIDE: ReadonlySet<string> = new Set([
  'committee-officer',
  'government-head',
  'prefecture-officer',
  'expert',
  'auditor',
  'operator',
  'system',
]);

const unauthenticated = (code: string, detail: string) => new Problem(401, code, detail);

/** The issuer does not answer, answers too late, or with something else than its keys: that says nothing about the token. */
const isOfIssuer = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  (error instanceof errors.JOSEError && error.code === errors.JOSEError.code) ||
  (typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError'); // how `fetch` says it

/**
 * The caller of an `Authorization` header, as judged at `at`. Throws `Problem` 401 where the token is missing, not of the issuer, not
 * for us, forged or expired, and 403 where it is of another county. The reason goes to the log by its code, never the token.
 */
export async function verifyToken(authorization: string | undefined, rules: TokenRules, at: Instant): Promise<Caller> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('token-missing', '请先登录：请求缺少有效的登录令牌。');
  const { payload } = await jwtVerify(token, rules.keys, {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...rules.algorithms],
    requiredClaims: ['exp', 'iat', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(at),
  }).catch((error: unknown) => {
    if (error instanceof errors.JWTExpired) throw unauthenticated('token-expired', '登录已过期，请重新登录。');
    if (isOfIssuer(error)) throw new Problem(503, 'issuer-unreachable', '暂时无法核对登录信息，请稍后重试。');
    if (error instanceof errors.JOSEError) throw unauthenticated('token-refused', '登录令牌无效，请重新登录。');
    throw error;
  });
  const read = claims.safeParse(payload);
  if (!read.success || (read.data.owner === undefined && !COUNTY_WIDE.has(read.data.role))) {
    throw unauthenticated('token-incomplete', '登录令牌缺少身份信息（角色、县市或单位），请联系系统管理员。');
  }
  const { sub, role, county, owner: actsFor, workshop, team, post } = read.data;
  if (county !== rules.county) throw new Problem(403, 'other-county', '该账号不属于本县（市），不能访问本县（市）的数据。');
  return {
    id: sub,
    role,
    county: rules.county,
    ...(actsFor && { owner: actsFor }),
    ...(workshop && { workshop }),
    ...(team && { team }),
    ...(post && { post }),
  };
}

/** The instant that a request of a simulated county claims to happen at. */
export const simulatedInstant = (header: string | undefined): Instant | undefined => {
  if (header === undefined) return undefined;
  try {
    return instant(header);
  } catch {
    throw new Problem(400, 'instant-malformed', '请求头 x-simulated-at 不是有效的时间（例：2026-03-01T00:00:00.000Z）。');
  }
};
