import { count } from '../../base/in-words.ts';
import { type Checker, isServed } from '../lib/checker.ts';
import { after, DURING_CALLS, endingIn, isBeforeExit, treatmentOf } from './ending.ts';

/** Minimum number of times that readiness must have been asked for after SIGTERM. */
const ENOUGH = 3;
/** Differences up to this many milliseconds are not an order, because requests are in flight at the same time. */
const SAME_MS = 100;

/**
 * Checks that the endpoint for readiness is no longer served after SIGTERM, and not later than the first new request is
 * refused: otherwise, a load balancer would go on sending requests.
 */
export const notReadyAtEnd: Checker = {
  name: 'not-ready-at-end',
  timed: true,
  restsOn: ['steady-state', 'ends-when-told-to'],
  usually: 'The endpoint for readiness does not know that the service is ending. Set a flag when SIGTERM arrives.',
  judge(history, facts) {
    const { ready } = facts.contract.termination ?? {};
    if (ready === undefined || !history.phase(DURING_CALLS)) return [];
    const judged = {
      check: `not ready after SIGTERM: ${ready}`,
      requests: [{ phase: DURING_CALLS, about: 'ready' }],
      expected: 'another status or no connection, before new requests are refused',
    };
    const ending = endingIn(history, DURING_CALLS);
    if (!ending) return [{ ...judged, observed: 'the service was not told to end', verdict: 'INCONCLUSIVE' }];
    const sent = (about: string) => history.sent({ phase: DURING_CALLS, about }).filter(({ at }) => at >= ending.at);
    const refused = sent('new').filter((call) => isBeforeExit(ending, call) && treatmentOf(call) === 'refused');
    const from = Math.min(ending.noticed, ...refused.map(({ at }) => at + SAME_MS));
    const asked = sent('ready').filter(({ at }) => at >= from);
    const wrong = asked.filter((call) => isBeforeExit(ending, call) && isServed(facts, call));
    const down = asked.filter((call) => !isServed(facts, call) && treatmentOf(call) !== undefined);
    const observed = `ready ${count(wrong.length, 'time')}, not ready ${count(down.length, 'time')}`;
    if (wrong.length === 0) return [{ ...judged, observed, verdict: down.length >= ENOUGH ? 'PASS' : 'INCONCLUSIVE' }];
    const times = wrong.map(({ at }) => at);
    const first = refused[0];
    const evidence = [
      `the last time ${after(ending, Math.max(...times))} after SIGTERM`,
      ...(first ? [`the first request was refused ${after(ending, first.at)} after SIGTERM`] : []),
    ];
    return [{ ...judged, observed, evidence, verdict: 'FAIL' }];
  },
};
