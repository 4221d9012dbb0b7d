import type { Tags } from '../../contract/tags.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, tally } from '../lib/checker.ts';
import { limitsOf, windowOf } from './rate-limit-windows.ts';

/** The share of the window that must be observed. Responses near its end may come too late. */
const NEARLY_ALL = 0.85;

/** Checks that once N requests have been allowed, every further request is rejected with 429 until the window ends. */
export const rateLimitRefusesUntilWindowEnds: Checker = {
  name: 'rate-limit-refuses-until-window-ends',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'The window is shorter than promised, or rejected requests restart it.',
  judge: (history, facts) =>
    limitsOf(facts).map(({ limit, lengthMs }): Finding => {
      const tags: Tags = { limit, step: 'over' };
      const judged = {
        check: `refuses until the window ends: ${limit}`,
        requests: [tags],
        expected: `429 for the rest of the ${lengthMs / 1_000} s`,
      };
      const window = windowOf(history, facts, limit, 'first window');
      const over = history.requests(tags);
      const until = window?.endsAfter ?? 0;
      const inside = over.filter(({ at, ms }) => at + ms < until);
      const last = Math.max(...inside.map(({ at }) => lengthMs - (until - at)));
      const observed = `${tally(inside.map(({ status }) => status))}, the last ${(last / 1_000).toFixed(2)} s into the window`;
      if (inside.some(({ status }) => status !== 429)) return { ...judged, observed, verdict: 'FAIL' };
      const proved = inside.length > 0 && last > lengthMs * NEARLY_ALL && inside.every(({ status }) => status === 429);
      return {
        ...judged,
        observed: inside.length > 0 ? observed : 'no request inside the window',
        verdict: proved ? 'PASS' : 'INCONCLUSIVE',
      };
    }),
};
