import { z } from 'zod';

export const trials = z
  .union([z.int().min(1).max(100), z.literal('any')], 'is a number, such as 1 ("one" in older contracts), or "any"')
  .default(1)
  .describe(
    'number of calls that a half-open breaker allows before it closes or opens again, or `any`, as with ' +
      'circuitbreaker of Python. resilience4j: permittedNumberOfCallsInHalfOpenState; gobreaker: MaxRequests',
  );

export const trialsToClose = z
  .int()
  .positive()
  .optional()
  .describe(
    'number of trials that must succeed to close it. For resilience4j, the smallest number that keeps the ' +
      'failure rate below the threshold; default: all, or 1 if `trials` is `any`',
  );

/** A breaker's trials, in the form that scenarios and checks use. */
export interface Trials {
  /** Maximum number of calls that are allowed at the same time. Absent if there is no limit. */
  most?: number;
  /** Number of trials after which the breaker is closed, provided that `toClose` of them succeeded. */
  total: number;
  toClose: number;
}

/** Returns the trials for a breaker with these fields. */
export function trialsOf(breaker: { trials: number | 'any'; trialsToClose?: number | undefined }): Trials {
  const most = breaker.trials;
  if (most === 'any') return { total: breaker.trialsToClose ?? 1, toClose: breaker.trialsToClose ?? 1 };
  return { most, total: most, toClose: breaker.trialsToClose ?? most };
}
