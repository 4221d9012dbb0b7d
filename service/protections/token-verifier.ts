import { createSecretKey } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { WallClock } from '../base/clock.ts';
import { idSchema } from '../schemas/bodies.ts';

/** This service's name in a token's `aud`. */
const AUDIENCE = 'conversation-service';

/** Maximum clock difference between the service and a token's issuer, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Maximum number of tokens to remember, about 100 bytes each. Clients send the same token until it expires. */
const REMEMBERED_MAX = 10_000;
/** Longer tokens are not remembered, so that they can't fill the memory. Typical tokens are a tenth as long. */
const REMEMBERED_LENGTH_MAX = 2_000;

interface Verified {
  readonly userId: string;
  /** When the token expires, in milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Returns a function that verifies a JWT and returns its user (`sub`). The token must be signed with `secretKey`
 * (HS256) and must not have expired (`exp` is required, with a tolerance of 5 s). A token that was issued in the future
 * (`iat`), or only for other services (`aud`, RFC 7519, section 4.1.3), is rejected.
 *
 * A verified token is remembered until it expires, because verification accounts for a quarter of the CPU time of a
 * request that reads one row. Only valid tokens are remembered, so nobody can evict them without knowing the key.
 * @throws The error from `jose` or `zod`, which contains the reason
 */
export function createTokenVerifier(secretKey: string, clock: WallClock): (token: string) => Promise<string> {
  const key = createSecretKey(secretKey, 'utf8');
  const options = {
    // Allow only one algorithm: the token must not choose how it is verified, for example with `none` or with a public
    // key as HMAC secret.
    algorithms: ['HS256'],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  const remembered = new LRUCache<string, Verified>({ max: REMEMBERED_MAX });
  return async (token) => {
    const now = clock.epochMs();
    const known = remembered.get(token);
    if (known && now < known.until) return known.userId;
    const { payload } = await jwtVerify(token, key, { ...options, currentDate: new Date(now) });
    requireOwnClaims(payload, now);
    const userId = idSchema.parse(payload.sub);
    const until = (Number(payload.exp) + CLOCK_TOLERANCE_SECONDS) * 1000;
    if (token.length <= REMEMBERED_LENGTH_MAX) remembered.set(token, { userId, until });
    return userId;
  };
}

/** jose checks these claims only if all tokens must have them. */
function requireOwnClaims(payload: JWTPayload, nowMs: number): void {
  const { aud, iat } = payload;
  if (aud !== undefined && ![aud].flat().includes(AUDIENCE)) {
    throw new errors.JWTClaimValidationFailed('"aud" names other services', payload, 'aud', 'check_failed');
  }
  if (iat !== undefined && iat > nowMs / 1000 + CLOCK_TOLERANCE_SECONDS) {
    throw new errors.JWTClaimValidationFailed('"iat" is in the future', payload, 'iat', 'check_failed');
  }
}
