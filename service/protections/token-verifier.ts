import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { WallClock } from '../base/clock.ts';
import { idSchema } from '../schemas/bodies.ts';

/** Seconds by which the issuer's clock and this one may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** A client sends the same token until it expires; so many are remembered, of some hundred bytes each. */
const REMEMBERED_MAX = 10_000;
/** A token of this service's users is a tenth as long: no memory for those that were made to fill it. */
const REMEMBERED_LENGTH_MAX = 2_000;

interface Verified {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Makes a function that tells the user (`sub`) of a JWT that was signed with `secretKey` by HS256 and has not expired (`exp`
 * is required; 5 s are forgiven).
 *
 * A signature that was right once stays right, so a token is verified once and then remembered until it expires: to verify
 * costs a quarter of the CPU of a request that reads one row. Only tokens that passed are remembered, so that nobody without
 * the key can push others out.
 * @throws the error of `jose` or `zod` that says why the token is refused
 */
export function createTokenVerifier(secretKey: string, clock: WallClock): (token: string) => Promise<string> {
  const key = createSecretKey(secretKey, 'utf8');
  const options = {
    // The one algorithm: a token must not choose how it is verified, `none` and a public key as HMAC secret included.
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
    const userId = idSchema.parse(payload.sub);
    const until = (Number(payload.exp) + CLOCK_TOLERANCE_SECONDS) * 1000;
    if (token.length <= REMEMBERED_LENGTH_MAX) remembered.set(token, { userId, until });
    return userId;
  };
}
