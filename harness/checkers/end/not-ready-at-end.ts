import { count } from '../../base/in-words.ts';
import { type Checker, isServed } from '../lib/checker.ts';
import { after, DURING_CALLS, isBeforeExit, judgeEnd, treatmentOf } from './ending.ts';

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
    if (ready === undefined) return [];
    const judged = {
      check: `not ready after SIGTERM: ${ready}`,
      requests: [{ phase: DURING_CALLS, about: 'ready' }],
      expected: 'another status or no connection, before new requests are refused',
    };
    return judgeEnd(history, judged, (ending) => {
      const sent = (about: string) => history.sent({ phase: DURING_CALLS, about });
      const refused = sent('new').find((call) => call.at >= ending.at && treatmentOf(call) === 'refused');
      const from = Math.min(ending.noticed, (refused?.at ?? ending.noticed) + SAME_MS);
      const asked = sent('ready').filter(({ at }) => at >= from);
      const wrong = asked.filter((call) => isBeforeExit(ending, call) && isServed(facts, call));
      const down = asked.filter((call) => !isServed(facts, call) && treatmentOf(call) !== undefined);
      const observed = `ready ${count(wrong.length, 'time')}, not ready ${count(down.length, 'time')}`;
      const last = wrong.at(-1);
      if (!last) return { observed, verdict: down.length >= ENOUGH ? 'PASS' : 'INCONCLUSIVE' };
      const evidence = [
        `the last time ${after(ending, last.at)} after SIGTERM`,
        ...(refused ? [`the first request was refused ${after(ending, refused.at)} after SIGTERM`] : []),
      ];
      return { observed, evidence, verdict: 'FAIL' };
    });
  },
};
