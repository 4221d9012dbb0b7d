import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Breaker, type Facts, tally } from '../lib/checker.ts';
import { isGivenUp } from '../lib/given-up.ts';
import { unreachedAfter } from '../lib/open-after.ts';

/**
 * Returns the kinds of failures that a breaker does not count, although it counts others. If consecutive failures of
 * several kinds don't open the breaker, the script repeats them with each kind alone. If no kind opens it, and no other
 * row of failures does, the breaker has a different threshold.
 */
export function notCounted(history: History, facts: Facts, breaker: Breaker): string[] {
  const phases = history.phases('alone', { breaker: breaker.name });
  const missing = phases.filter(
    (phase) =>
      history.receiptsIn(phase, breaker.upstream).length === breaker.opening.failures &&
      isClosedAfter(history, facts, { breaker, phase }),
  );
  const faults = new Set(missing.map(({ fault }) => fault));
  const isEach = faults.size === new Set(phases.map(({ fault }) => fault)).size;
  return isEach && !history.phases('row', { breaker: breaker.name }).some(hasOpened) ? [] : [...faults];

  function hasOpened(phase: PhaseEntry): boolean {
    const calls = history.requestsIn(phase);
    const reached = history.receiptsIn(phase, breaker.upstream);
    return (
      calls.length === breaker.opening.failures &&
      unreachedAfter(history, facts, { phase, breaker, calls, reached }).verdict === 'PASS'
    );
  }
}

/** Whether as many failures as promised open a breaker, if all are of one kind and without a pause. */
export function opensAlone(history: History, facts: Facts, breaker: Breaker): boolean {
  const phases = history.phases('alone', { breaker: breaker.name });
  return phases.length > 0 && phases.every((phase) => verdictAfter(history, facts, { breaker, phase }) === 'PASS');
}

/** Whether no kind of failure alone opens a breaker, not even after as many failures as opened it once. */
export function isOpenedByNone(history: History, facts: Facts, breaker: Breaker): boolean {
  const phases = history.phases('alone for longer', { breaker: breaker.name });
  return phases.length > 0 && phases.every((phase) => isClosedAfter(history, facts, { breaker, phase }));
}

interface Failed {
  readonly breaker: Breaker;
  readonly phase: PhaseEntry;
}

/** Whether calls reach the upstream after the failures of a phase. */
const isClosedAfter = (history: History, facts: Facts, failed: Failed): boolean =>
  verdictAfter(history, facts, failed) === 'FAIL';

/** Judges whether a breaker is open after the failures of a phase. */
function verdictAfter(history: History, facts: Facts, { breaker, phase }: Failed) {
  const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, breaker.upstream)];
  return unreachedAfter(history, facts, { phase, breaker, calls, reached }).verdict;
}

/** Returns the message about kinds that are not counted. */
export const notCountedText = (history: History, faults: readonly string[], breaker: Breaker): string =>
  `not counted as a failure: ${faults.join(', ')}. After ${breaker.opening.failures} of it alone, calls still reach ` +
  `${breaker.upstream}${whyNotCounted(history, faults, breaker)}`;

/**
 * Returns the likely reason if all callers got an internal error or no response, and those of other failures did not:
 * the error is not caught where the breaker counts.
 */
function whyNotCounted(history: History, faults: readonly string[], { name }: Breaker): string {
  const phases = [...history.phases('alone', { breaker: name }), ...history.phases('row', { breaker: name })];
  const isOnlyOf = (phase: (typeof phases)[number]): boolean =>
    phase.action === 'alone' ? faults.includes(phase.fault) : phase.faults.every((fault) => faults.includes(fault));
  const [own, others] = [true, false].map((isOwn) =>
    phases.filter((phase) => isOnlyOf(phase) === isOwn).flatMap((phase) => history.requestsIn(phase)),
  ) as [RequestSample[], RequestSample[]];
  const isUncaught = (call: RequestSample): boolean => call.status === 500 || (call.status === 0 && !isGivenUp(call));
  if (own.length === 0 || !own.every(isUncaught) || others.every(isUncaught)) return '';
  return `. Its callers got ${tally(own.map(answerOf))}: nothing around the call handles this error, so that the breaker does not see it`;
}
