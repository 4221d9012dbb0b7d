import type { History, PhaseEntry } from '../../history/history.ts';
import type { Breaker, Facts } from '../lib/checker.ts';
import { unreachedAfter } from '../lib/open-after.ts';

/**
 * Returns the kinds of failures that a breaker does not count, although it counts others. If consecutive failures of
 * several kinds don't open the breaker, the script repeats them with each kind alone. If no kind opens it, the breaker
 * has a different threshold.
 */
export function notCounted(history: History, facts: Facts, breaker: Breaker): string[] {
  const phases = history.phases('alone', { breaker: breaker.name });
  const missing = phases.filter(
    (phase) =>
      history.receiptsIn(phase, breaker.upstream).length === breaker.opening.failures &&
      isClosedAfter(history, facts, { breaker, phase }),
  );
  const faults = new Set(missing.map(({ fault }) => fault));
  return faults.size === new Set(phases.map(({ fault }) => fault)).size ? [] : [...faults];
}

/** Whether no kind of failure alone opens a breaker, not even after as many failures as opened it once. */
export function isOpenedByNone(history: History, facts: Facts, breaker: Breaker): boolean {
  const phases = history.phases('alone for longer', { breaker: breaker.name });
  return phases.length > 0 && phases.every((phase) => isClosedAfter(history, facts, { breaker, phase }));
}

/** Whether calls reach the upstream after the failures of a phase. */
function isClosedAfter(
  history: History,
  facts: Facts,
  { breaker, phase }: { breaker: Breaker; phase: PhaseEntry },
): boolean {
  const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, breaker.upstream)];
  return unreachedAfter(history, facts, { phase, breaker, calls, reached }).verdict === 'FAIL';
}

/** Returns the message about kinds that are not counted. */
export const notCountedText = (faults: readonly string[], { opening, upstream }: Breaker): string =>
  `not counted as a failure: ${faults.join(', ')}. After ${opening.failures} of it alone, calls still reach ${upstream}, ` +
  'and other failures open the breaker';
