import type { Contract } from './contract.ts';

/**
 * Why a request is not served: it has no valid credentials, its body can't be parsed, its body has another type than
 * expected, or an upstream fails.
 */
export type Unserved = 'unauthenticated' | 'malformed' | 'invalid' | 'failed';

type Counts = NonNullable<Contract['limiter']['counts']>;

/** The kinds of requests that are not served but count, by the setting `limiter.counts`. */
const COUNTED: Readonly<Record<Counts, readonly Unserved[]>> = {
  all: ['unauthenticated', 'malformed', 'invalid', 'failed'],
  authenticated: ['invalid', 'failed'],
  valid: ['failed'],
  served: [],
};

/**
 * Returns whether a request that is not served counts toward its limit. Returns undefined if the contract doesn't say:
 * a body is often parsed before the credentials are checked.
 */
export const isCounted = (counts: Counts, why: Unserved): boolean | undefined =>
  counts === 'authenticated' && why === 'malformed' ? undefined : COUNTED[counts].includes(why);
