import { count } from '../../base/in-words.ts';
import type { History } from '../../history/history.ts';
import { breakerOf, type Facts } from '../lib/checker.ts';
import { afterOpening, furtherFailures } from '../lib/opened-at.ts';

/**
 * Explains that a breaker that opened late belongs to one endpoint, if it opened after as many failures of its endpoint
 * as promised, and the failures of other endpoints that reach the upstream did not count.
 */
export function ownBreakerHint(history: History, facts: Facts): string[] {
  const { upstream, endpoint, threshold } = breakerOf(facts);
  const further = furtherFailures(history, facts).length;
  const opening = history.phases('opening');
  const calls = history.requestsIn(opening);
  const others = calls.filter(({ tags }) => tags.endpoint !== endpoint);
  // As many further failures made up for those that did not count.
  if (further === 0 || others.length !== further || calls.length !== threshold) return [];
  // The last call of the phase "after opening" did not reach the upstream, unless the breaker never opens.
  const all = [...opening, ...afterOpening(history)];
  if (history.requestsIn(all).length === history.receiptsIn(all, upstream).length) return [];
  const names = [...new Set(others.map(({ tags }) => tags.endpoint))].join(' and ');
  return [
    `it opened after ${count(calls.length, 'failure')} of ${endpoint}, as if ${count(others.length, 'failure')} of ` +
      `${names} did not count. Does each endpoint, or each process of the service, have its own breaker, although ` +
      `${upstream} is the same?`,
  ];
}
