import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, type Checker, type Facts, howManyReached, isServed, tally } from '../lib/checker.ts';
import { trialFrom } from '../lib/opened-at.ts';
import { ifPrimed } from '../lib/primed.ts';
import { lastAnswered, lastSent } from '../lib/request-times.ts';
import { type FallbackOutage, fallbackOutages, firstBreaker, orderOf } from './fallback-calls.ts';

/**
 * Checks that during a long outage of the first upstream, the next one serves every call: its breaker, if it has one,
 * doesn't count the failures of the first. If the contract describes the breaker of the first upstream, it must open at
 * its threshold, although callers see no failure. The first upstream then gets no call, and only trials later.
 */
export const fallbackBreakersApart: Checker = {
  name: 'fallback-breakers-apart',
  restsOn: ['steady-state', 'falls-back'],
  usually:
    'Both upstreams share a breaker, the breaker is around the whole fallback and sees no failure, or the fallback bypasses it.',
  judge: (history, facts) =>
    fallbackOutages(history).flatMap((outage) => {
      const breaker = outage.open.length > 0 ? firstBreaker(facts, outage.phase.endpoint) : undefined;
      return [
        servedByNext(history, facts, outage),
        ...(breaker ? [opens(history, facts, outage, breaker), ...trials(history, outage, breaker)] : []),
      ];
    }),
};

function servedByNext(history: History, facts: Facts, { phase, open, halfOpen }: FallbackOutage): Finding {
  const { endpoint } = phase;
  const [, next = ''] = orderOf(facts, endpoint);
  const phases = [phase, ...open, ...halfOpen];
  const calls = history.requestsIn(phases, { about: 'failing' });
  const arrived = history.receiptsIn(phases, next).length;
  const isBad = calls.some((call) => !isServed(facts, call));
  return {
    check: `served during an outage of the first upstream: ${endpoint}`,
    requests: tagsIn(phases),
    expected: `every call is served by ${next}`,
    observed: `${tally(calls.map(({ status }) => status))}; ${howManyReached(arrived, calls.length)}`,
    verdict: calls.length === 0 ? 'INCONCLUSIVE' : isBad || arrived < calls.length ? 'FAIL' : 'PASS',
  };
}

function opens(history: History, facts: Facts, { phase, open }: FallbackOutage, breaker: Breaker): Finding {
  const { name, upstream, opening } = breaker;
  const [calls, later] = [history.sentIn(phase), history.sentIn(open)];
  const [reached, leaked] = [history.receiptsIn(phase, upstream), history.receiptsIn(open, upstream)];
  const until = trialFrom(history, facts, breaker, lastSent(calls));
  const inTime = leaked.filter(({ at }) => at < until).length;
  const isRepeated = promisedCallsOf(facts.contract, upstream).attempts > 1;
  const isEarly = !isRepeated && reached.length < calls.length;
  const isEnough = calls.length === opening.failures && later.length > 0 && lastAnswered(later) < until;
  const finding: Finding = {
    check: `opens behind the fallback: ${name}, ${phase.endpoint}`,
    requests: tagsIn([phase, ...open]),
    expected: `${count(opening.failures, 'failure')} reach ${upstream}, and no call after them`,
    observed: `${howManyReached(reached.length, calls.length)}; afterwards, ${howManyReached(inTime, later.length)}`,
    verdict: isEarly || inTime > 0 ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
  };
  return ifPrimed(history, breaker, finding, { phase });
}

/** Judges how many of the calls that are made at once when the breaker is half-open reach the upstream. */
function trials(history: History, { phase, halfOpen }: FallbackOutage, { name, upstream, trying }: Breaker): Finding[] {
  const { most } = trying;
  if (most === undefined) return [];
  const calls = history.sentIn(halfOpen);
  const reached = history.receiptsIn(halfOpen, upstream).length;
  const isEnough = calls.length > most && reached > 0;
  return [
    {
      check: `admits its trials behind the fallback: ${name}, ${phase.endpoint}`,
      requests: tagsIn(halfOpen),
      expected: `at most ${most} of many simultaneous calls to reach ${upstream}`,
      observed: howManyReached(reached, calls.length),
      verdict: reached > most ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    },
  ];
}
