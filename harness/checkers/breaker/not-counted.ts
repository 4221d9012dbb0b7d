import type { History } from '../../history/history.ts';
import type { Breaker, Facts } from '../lib/checker.ts';
import { unreachedAfter } from '../lib/open-after.ts';

/**
 * Returns the kinds of failures that a breaker does not count, if it counts others: after a row of several kinds that
 * did not open it, the script makes calls fail with each kind alone. If none opens the breaker, its threshold is
 * another one.
 */
export function notCounted(history: History, facts: Facts, breaker: Breaker): string[] {
  const phases = history.phases('alone', { breaker: breaker.name });
  const missing = phases.filter((phase) => {
    const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, breaker.upstream)];
    if (reached.length !== breaker.opening.failures) return false;
    return unreachedAfter(history, facts, { phase, breaker, calls, reached }).verdict === 'FAIL';
  });
  const faults = new Set(missing.map(({ fault }) => fault));
  return faults.size === new Set(phases.map(({ fault }) => fault)).size ? [] : [...faults];
}

/** Says which kinds are not counted. */
export const notCountedText = (faults: readonly string[], { opening, upstream }: Breaker): string =>
  `not counted as a failure: ${faults.join(', ')}. After ${opening.failures} of it alone, calls still reach ${upstream}, ` +
  'and other failures open the breaker';
