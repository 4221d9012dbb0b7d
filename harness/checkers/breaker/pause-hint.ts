import { count } from '../../base/in-words.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Breaker, breakerOf, type Facts } from '../lib/checker.ts';
import { asTime } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import { opensAlone } from './not-counted.ts';

/**
 * Explains why a breaker opened late although its threshold is right: the script pauses before the last failure, and as
 * many failures without a pause open it. A changed threshold would hide the reason.
 *
 * @param failures How many failures in a row opened it.
 */
export function pauseHint(history: History, facts: Facts, failures: number): string[] {
  const breaker = breakerOf(facts);
  const { threshold, recoverySeconds } = breaker;
  const [before, last] = history.requestsIn(history.phases('opening')).slice(-2);
  if (threshold === undefined || failures <= threshold || !before || !last) return [];
  if (!opensAlone(history, facts, breaker)) return [];
  const paused = `after a pause of ${asTime(last.at - answered(before))}`;
  const late = `it opens late, after ${count(failures, 'failure')} in a row, only ${paused}: without one, ${threshold} failures open it, as promised`;
  const stray = strayBetween(history, breaker, answered(before), last.at);
  if (stray) {
    return [
      `${late}. In the pause, ${breaker.upstream} answered a request that belongs to no call: ${stray.route}. If the ` +
        "service checks its upstream by itself, this success must not set the breaker's count back",
    ];
  }
  // The failures since the pause, of which the first one is the last of those that were promised to open it.
  const since = failures - threshold + 1;
  if (since === threshold && since !== AT_ONCE) {
    return [
      `${late}. The failures before the pause were forgotten: a window or a timer sets the count back. ` +
        `Only a success may do so, or describe the window: ${windowOf(breaker)}`,
    ];
  }
  if (since === AT_ONCE) {
    return [
      `${late}. It opened, but its recovery timeout of ${recoverySeconds} s was over at once: does it count from the first ` +
        'failure, instead of the one that opens the breaker?',
    ];
  }
  return [`${late}. What happens in the pause changes the count`];
}

/** A breaker that opens and is half-open at once lets one more failure through: the trial. */
const AT_ONCE = 2;

const windowOf = ({ name, threshold }: Breaker): string =>
  `breakers.${name}.opens: { failures: ${threshold}, window: { seconds: … } }`;

/** Returns a request that the upstream answered between two times, and that is not part of any call. */
export function strayBetween(
  history: History,
  { upstream }: Breaker,
  from: number,
  until: number,
): RequestReceipt | undefined {
  const calls = history.all('request');
  return history
    .receipts('request', upstream)
    .filter(({ at, status }) => at > from && at < until && status !== null && status < 400)
    .find(({ at }) => !calls.some((call) => at >= call.at - CLOCKS_MS && at <= answered(call) + CLOCKS_MS));
}
