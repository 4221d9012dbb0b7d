import type { Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, tally } from '../lib/checker.ts';
import { NEARLY_ALL, WATCHED_SECONDS } from '../lib/watched.ts';
import { limitNumber, NO_WINDOWS, windowedLimits, windowOf } from './rate-limit-windows.ts';

/** Defines a checker for the requests of the step "over", which the script sends once a limit is used up. */
const keepsRefusing = (
  checker: Pick<BuiltInChecker, 'name' | 'restsOn' | 'usually' | 'fix'>,
  check: string,
  neededMs: (lengthMs: number) => number,
  expected: (lengthMs: number) => string,
): BuiltInChecker => ({
  ...checker,
  cases: (facts) =>
    windowedLimits(facts).map(({ limit }) => ({
      check: `${check}: ${limit}`,
      promises: [limitNumber(limit, 'windowSeconds')],
    })),
  without: NO_WINDOWS,
  judge: (history, facts) =>
    windowedLimits(facts).map(({ limit, lengthMs }): Finding => {
      const tags: Tags = { limit, step: 'over' };
      const judged = { check: `${check}: ${limit}`, requests: [tags], expected: expected(lengthMs) };
      const window = windowOf(history, facts, limit, 'first window');
      const over = history.requests(tags);
      const until = window?.endsAfter ?? 0;
      const inside = over.filter(({ at, ms }) => at + ms < until);
      const last = Math.max(...inside.map(({ at }) => lengthMs - (until - at)));
      const observed = `${tally(inside.map(answerOf))}, the last ${(last / 1_000).toFixed(2)} s into the window`;
      if (inside.some(({ status }) => status !== 429)) return { ...judged, observed, verdict: 'FAIL' };
      const proved = inside.length > 0 && last > neededMs(lengthMs);
      return {
        ...judged,
        observed: inside.length > 0 ? observed : 'no request inside the window',
        verdict: proved ? 'PASS' : 'INCONCLUSIVE',
      };
    }),
});

/** Checks that once N requests have been allowed, every further request is rejected with 429 until the window ends. */
export const rateLimitRefusesUntilWindowEnds = keepsRefusing(
  {
    name: 'rate-limit-refuses-until-window-ends',
    restsOn: ['rate-limit-admits-exactly'],
    usually: 'The window is shorter than promised, or rejected requests restart it.',
    fix: 'Set the end of the window with its first request, and do not move it later: `EXPIRE key seconds NX` in Redis.',
  },
  'refuses until the window ends',
  (lengthMs) => lengthMs * NEARLY_ALL,
  (lengthMs) => `429 for the rest of the ${lengthMs / 1_000} s`,
);

const watchedMs = (lengthMs: number): number => Math.min(lengthMs * NEARLY_ALL, WATCHED_SECONDS * 1_000);

/**
 * Checks that once N requests have been allowed, every further request is rejected with 429 for as long as the script
 * watches: nearly the whole window, or 12 s of a longer one. A service fails if its window is shorter than its
 * Retry-After and ends within this time.
 */
export const rateLimitHolds = keepsRefusing(
  {
    name: 'rate-limit-holds',
    restsOn: ['rate-limit-admits-exactly-once'],
    usually: 'The window is shorter than Retry-After says, or has a maximum length.',
    fix: 'Use the promised length for the window itself, not only for Retry-After, and look for a maximum in the store or library.',
  },
  'keeps refusing while watched',
  watchedMs,
  (lengthMs) => `429 for at least ${watchedMs(lengthMs) / 1_000} s of the ${lengthMs / 1_000} s`,
);
