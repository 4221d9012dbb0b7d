import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type BuiltInChecker, type Facts, isServed, withEvidence } from '../lib/checker.ts';
import { whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { after, casesOfEnd, type Ending, isBeforeExit, judgeNewRequests, signalOf, treatmentOf } from './ending.ts';

/** Minimum number of readiness requests after SIGTERM. */
const ENOUGH = 3;
/** Differences of up to this many milliseconds don't show an order, because requests are in flight at the same time. */
const SAME_MS = 100;

/**
 * Checks that the readiness endpoint stops being served after SIGTERM, and no later than the first new request is
 * refused. Otherwise, a load balancer would continue to send requests. If the contract promises a time in which new
 * requests are still served (`drainSeconds`), some must be served once it is no longer ready, and before others are
 * refused.
 */
export const notReadyAtEnd: BuiltInChecker = {
  name: 'not-ready-at-end',
  timed: true,
  restsOn: ['steady-state', 'ends-when-told-to'],
  usually:
    'The readiness endpoint does not report that the service is shutting down, or new requests are refused as soon as it does. Set a flag when SIGTERM arrives, and serve requests for drainSeconds.',
  fix: 'Set a flag when SIGTERM arrives, and let the readiness endpoint respond with 503 from then on.',
  cases(facts) {
    const { ready, drainSeconds = 0 } = facts.contract.termination ?? {};
    if (ready === undefined) return [];
    return casesOfEnd(facts, {
      check: checkOf(facts, ready),
      fields: ['ready', ...(drainSeconds > 0 ? ['drainSeconds'] : [])],
    });
  },
  without: 'the contract names no endpoint that reports readiness (termination.ready)',
  judge(history, facts) {
    const { ready } = facts.contract.termination ?? {};
    if (ready === undefined) return [];
    const judged = {
      check: checkOf(facts, ready),
      about: 'ready',
      expected: 'another status or no connection, before new requests are refused',
    };
    return judgeNewRequests(history, judged, (ending) => {
      const sent = (about: string) => history.sentIn(ending.phase, { about });
      // During calls that hang, requests may be refused for another reason: an open breaker, or a limit of calls.
      const news = ending.phase.action === 'terminated' ? sent('new') : [];
      const refused = news.find((call) => call.at >= ending.at && treatmentOf(call) === 'refused');
      const from = Math.min(ending.noticed, (refused?.at ?? ending.noticed) + SAME_MS);
      const polled = sent('ready').filter(({ at }) => at >= from);
      const wrong = polled.filter((call) => isBeforeExit(ending, call) && isServed(facts, call));
      const down = polled.filter((call) => !isServed(facts, call) && treatmentOf(call) !== undefined);
      const observed = `ready ${count(wrong.length, 'time')}, not ready ${count(down.length, 'time')}`;
      const last = wrong.at(-1);
      const [soon] = last ? [] : refusedTooSoon(history, facts, ending, sent('ready'));
      if (soon) {
        const when = `a request that was sent ${after(ending, soon.at)} was refused`;
        return { observed, evidence: [`${when}, and none was served once it was not ready`], verdict: 'FAIL' };
      }
      if (!last) {
        const tolerated = sent('ready').findLast((call) => call.at < from && isServed(facts, call))?.at ?? Number.NaN;
        const evidence = whatIsLeft('measured: ready for', tolerated - ending.at, from - ending.at, 0);
        const verdict = down.length >= ENOUGH ? 'PASS' : 'INCONCLUSIVE';
        return withEvidence({ observed, verdict }, evidence);
      }
      const evidence = [
        `the last time ${after(ending, last.at)}`,
        ...whatIsLeft('measured: ready for', last.at - ending.at, from - ending.at, 0),
        ...(refused ? [`the first request was refused ${after(ending, refused.at)}`] : []),
      ];
      return { observed, evidence, verdict: 'FAIL' };
    });
  },
};

const checkOf = (facts: Facts, ready: string): string => `not ready after ${signalOf(facts)}: ${ready}`;

/**
 * Returns the requests that were refused although the service must still accept new ones. Returns none if a request was
 * served after the service stopped being ready, because load balancers then had time to react.
 */
function refusedTooSoon(
  history: History,
  facts: Facts,
  ending: Ending,
  ready: readonly RequestSample[],
): RequestSample[] {
  const isDown = (call: RequestSample) => call.at >= ending.at && !isServed(facts, call) && treatmentOf(call);
  const from = ready.find(isDown)?.at ?? Number.POSITIVE_INFINITY;
  const until = ending.at + (facts.contract.termination?.drainSeconds ?? 0) * 1_000 - SAME_MS;
  const calls = history.sentIn(ending.phase, { about: 'load' }).filter(({ at }) => at >= from && at < until);
  if (calls.some((call) => isBeforeExit(ending, call) && isServed(facts, call))) return [];
  // A request that ends later may have been accepted.
  return calls.filter((call) => treatmentOf(call) === 'refused' && answered(call) < until);
}
