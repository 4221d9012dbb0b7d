import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { Action } from '../../contract/phase.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, type Checker, type Facts, howManyReached, isServed, tally } from '../lib/checker.ts';
import { trialFrom } from '../lib/opened-at.ts';
import { ifPrimed } from '../lib/primed.ts';
import { lastAnswered, lastSent } from '../lib/request-times.ts';
import { firstBreaker, orderOf } from './fallback-calls.ts';

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
    history.phasesLike('fallback outage in **').flatMap(({ name: phase, parts: [endpoint = ''] }) => {
      const outage: Outage = {
        phase,
        open: `fallback open in ${endpoint}`,
        halfOpen: `fallback half-open in ${endpoint}`,
        endpoint,
      };
      const breaker = history.phase(outage.open) && firstBreaker(facts, endpoint);
      return [
        servedByNext(history, facts, outage),
        ...(breaker ? [opens(history, facts, outage, breaker), ...trials(history, outage, breaker)] : []),
      ];
    }),
};

interface Outage {
  readonly phase: Action;
  readonly open: Action;
  readonly halfOpen: Action;
  readonly endpoint: string;
}

function servedByNext(history: History, facts: Facts, { phase, open, halfOpen, endpoint }: Outage): Finding {
  const [, next = ''] = orderOf(facts, endpoint);
  const phases = [phase, open, halfOpen];
  const calls = phases.flatMap((name) => history.requests({ phase: name, about: 'failing' }));
  const arrived = phases.flatMap((name) => history.receiptsIn(name, next)).length;
  const isBad = calls.some((call) => !isServed(facts, call));
  return {
    check: `served during an outage of the first upstream: ${endpoint}`,
    requests: phases.map((name) => ({ phase: name })),
    expected: `every call is served by ${next}`,
    observed: `${tally(calls.map(({ status }) => status))}; ${howManyReached(arrived, calls.length)}`,
    verdict: calls.length === 0 ? 'INCONCLUSIVE' : isBad || arrived < calls.length ? 'FAIL' : 'PASS',
  };
}

function opens(history: History, facts: Facts, { phase, open, endpoint }: Outage, breaker: Breaker): Finding {
  const { name, upstream, opening } = breaker;
  const [calls, later] = [history.sent({ phase }), history.sent({ phase: open })];
  const [reached, leaked] = [history.receiptsIn(phase, upstream), history.receiptsIn(open, upstream)];
  const until = trialFrom(history, facts, breaker, lastSent(calls));
  const inTime = leaked.filter(({ at }) => at < until).length;
  const isRepeated = promisedCallsOf(facts.contract, upstream).attempts > 1;
  const isEarly = !isRepeated && reached.length < calls.length;
  const isEnough = calls.length === opening.failures && later.length > 0 && lastAnswered(later) < until;
  const finding: Finding = {
    check: `opens behind the fallback: ${name}, ${endpoint}`,
    requests: [{ phase }, { phase: open }],
    expected: `${count(opening.failures, 'failure')} reach ${upstream}, and no call after them`,
    observed: `${howManyReached(reached.length, calls.length)}; afterwards, ${howManyReached(inTime, later.length)}`,
    verdict: isEarly || inTime > 0 ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
  };
  return ifPrimed(history, breaker, finding, { phase });
}

/** Judges how many of the calls that are made at once when the breaker is half-open reach the upstream. */
function trials(history: History, { halfOpen, endpoint }: Outage, { name, upstream, trying }: Breaker): Finding[] {
  const { most } = trying;
  if (most === undefined) return [];
  const calls = history.sent({ phase: halfOpen });
  const reached = history.receiptsIn(halfOpen, upstream).length;
  const isEnough = calls.length > most && reached > 0;
  return [
    {
      check: `admits its trials behind the fallback: ${name}, ${endpoint}`,
      requests: [{ phase: halfOpen }],
      expected: `at most ${most} of many simultaneous calls to reach ${upstream}`,
      observed: howManyReached(reached, calls.length),
      verdict: reached > most ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    },
  ];
}
