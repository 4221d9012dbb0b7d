import { upperMedian } from '../../base/median.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, poolNumber, poolOf, poolServed, tally } from '../lib/checker.ts';
import { FEWER_CONNECTIONS, unlessTooFew } from '../lib/few-calls.ts';
import { longestLessNoise, noiseOf, ownTime } from '../lib/noise.ts';
import { EARLY_MS, LATE_MS } from '../lib/tolerances.ts';

/**
 * Checks that the service degrades as promised at the connection limit: a call that gets no connection is rejected
 * within the acquire timeout, a call that finds the queue full is rejected immediately, and a call with a connection is
 * served once the table is unlocked.
 */
export const poolRefusesTheRest: BuiltInChecker = {
  name: 'pool-refuses-the-rest',
  timed: true,
  restsOn: ['pool-ceiling'],
  usually: 'There is no acquire timeout or queue limit, or its error is not mapped to the promised status.',
  fix: 'Set an acquire timeout (`connectionTimeoutMillis`, `pool_timeout`), and map its error to the promised status.',
  cases: (facts) => [
    { check: REFUSES_CHECK, promises: [['pool', 'refusal'], poolNumber('acquireTimeoutSeconds')] },
    ...(poolOf(facts).queueMax === undefined ? [] : [{ check: QUEUE_CHECK, promises: [poolNumber('queueMax')] }]),
    { check: SERVES_CHECK, promises: [poolNumber('max'), ...poolServed(facts)] },
  ],
  judge(history, facts) {
    const { max, queueMax, acquireTimeoutSeconds, refusal, served: good } = poolOf(facts);
    const phases = history.phases('locked');
    const calls = history.requestsIn(phases);
    const served = calls.filter(({ status }) => good.includes(status));
    const refused = calls.filter(({ status }) => status === refusal);
    const rest = Math.max(0, calls.length - max);
    const noise = noiseOf(history, facts);
    const own = refused.map((call) => ownTime(call, noise));
    const longest = Math.max(0, ...refused.map(({ ms }) => ms));
    const latest = acquireTimeoutSeconds * 1_000 + LATE_MS;
    // Calls without a usable result may have held a connection.
    const enough = calls.length > max + (queueMax ?? 0) && calls.length === history.sentIn(phases).length;
    const verdict = (held: boolean): Finding['verdict'] => (!enough ? 'INCONCLUSIVE' : held ? 'PASS' : 'FAIL');
    // A few late calls among many prove nothing, because the machine may have caused them.
    const inTime = longest <= latest ? 'PASS' : upperMedian(own) > latest ? 'FAIL' : 'INCONCLUSIVE';
    const evidence = longestLessNoise(refused, latest, noise);
    const statuses = tally(calls.map(answerOf));
    const needed = callsToRefuse(facts);
    const found: Finding[] = [
      {
        check: REFUSES_CHECK,
        requests: tagsIn(phases),
        expected: `${rest} × ${refusal}, each within ${acquireTimeoutSeconds} s`,
        observed: `${statuses}; the longest refusal took ${(longest / 1_000).toFixed(2)} s`,
        ...(evidence.length > 0 && { evidence }),
        verdict: refused.length === rest && enough ? inTime : verdict(false),
      },
      ...(queueMax === undefined ? [] : [boundsItsQueue(queueMax)]),
      {
        check: SERVES_CHECK,
        requests: tagsIn(phases),
        expected: `${max} served once the table is free`,
        observed: `${served.length} served`,
        verdict: verdict(served.length === max),
      },
    ];
    return found.map((finding) => unlessTooFew(finding, facts, needed, WHY_REFUSED, FEWER_CONNECTIONS));

    function boundsItsQueue(places: number): Finding {
      const timeout = acquireTimeoutSeconds * 1_000;
      const atOnce = refused.filter(({ ms }) => ms < timeout / 2).length;
      // A queued call is rejected after the timeout and not before. A response in between was slow but not queued, and
      // a later one may have been an immediate rejection on a slow machine.
      const isAtOnce = (call: RequestSample) => call.ms < timeout - EARLY_MS || ownTime(call, noise) < timeout / 2;
      const held = verdict(refused.filter(isAtOnce).length >= rest - places);
      return {
        check: QUEUE_CHECK,
        requests: tagsIn(phases),
        expected: `at least ${rest - places} refused at once, beyond a queue of ${places}`,
        observed: `${atOnce} refused at once`,
        verdict: held === 'PASS' && atOnce < rest - places ? 'INCONCLUSIVE' : held,
      };
    }
  },
};

/** How many calls at once it takes until one is refused. */
export const callsToRefuse = (facts: Facts): number => poolOf(facts).max + (poolOf(facts).queueMax ?? 0) + 1;

export const WHY_REFUSED = 'each connection is held, and further calls come';

const REFUSES_CHECK = 'pool refuses the rest in time';
const QUEUE_CHECK = 'pool bounds its queue';
const SERVES_CHECK = 'pool serves calls that hold a connection';
