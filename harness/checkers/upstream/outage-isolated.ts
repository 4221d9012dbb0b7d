import { count } from '../../base/in-words.ts';
import { healthOf } from '../../contract/contract.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, breakerOf, type Facts, howManyReached, otherBreakers, tally } from '../lib/checker.ts';
import { HEALTH_NEEDS_UPSTREAMS, healthCase } from '../lib/health-stays-up.ts';
import { noiseOf } from '../lib/noise.ts';
import { judgeQuickness, slowToFail } from '../lib/quickness.ts';

/**
 * Checks that while one breaker is open, the others and /health are unaffected (one independent breaker per upstream).
 * Calls to an endpoint that reaches another upstream first must still reach that upstream.
 */
export const outageIsolated: BuiltInChecker = {
  name: 'outage-isolated',
  timed: true,
  restsOn: ['steady-state', 'breaker-opens'],
  usually: 'Two upstreams share one breaker, one HTTP agent or one queue, or /health waits for an upstream.',
  fix: 'Give each upstream a breaker, an HTTP agent and a limit of concurrent calls. The health endpoint must not call anything else.',
  cases: (facts) => [
    ...otherBreakers(facts).map(([name, { upstream }]) => ({
      check: checkOf(name),
      promises:
        facts.contract.breakers[facts.breaker ?? '']?.upstream === upstream ? [] : [['breakers', name, 'upstream']],
    })),
    ...healthCase(HEALTH_CHECK, facts),
  ],
  without: 'it has no other breaker (`breakers`) and no `health` endpoint',
  judge: (history, facts) => [
    ...otherBreakers(facts).map(([name, { upstream, refusal }]) =>
      otherBreaker(history, facts, name, upstream, refusal),
    ),
    ...health(history, facts),
  ],
};

const checkOf = (name: string): string => `${name} breaker unaffected`;
const HEALTH_CHECK = 'health unaffected';

function otherBreaker(history: History, facts: Facts, name: string, upstream: string, refusal: number): Finding {
  const [phases, tags] = [history.phases('open'), { about: name }];
  const calls = history.requestsIn(phases, tags);
  const reached = history.receiptsIn(phases, upstream).length;
  const opened = history.all('transition').filter(({ breaker }) => breaker === name);
  // Extra requests come from the breaker that should be open. Another check reports that.
  const enough = calls.length > 0 && reached <= calls.length;
  const isShared = reached === 0 && calls.every(({ status }) => status === refusal);
  const usually = `${name} refuses calls although only ${breakerOf(facts).upstream} is broken: both are one breaker, or share their state.`;
  return {
    check: checkOf(name),
    requests: tagsIn(phases, tags),
    ...(enough && isShared && { usually }),
    expected: `every call reaches ${upstream}`,
    observed: `${howManyReached(reached, calls.length)}, ${count(opened.length, 'transition')}`,
    verdict: opened.length > 0 ? 'FAIL' : !enough ? 'INCONCLUSIVE' : reached === calls.length ? 'PASS' : 'FAIL',
  };
}

function health(history: History, facts: Facts): Finding[] {
  const [phases, tags] = [history.phases('open'), { about: 'health' }];
  const calls = history.requestsIn(phases, tags);
  const served = facts.contract.endpoints[healthOf(facts.contract) ?? '']?.served;
  if (!served) return [];
  const bad = calls.filter(({ status }) => !served.includes(status));
  const { upstream } = breakerOf(facts);
  const quick = judgeQuickness(calls, slowToFail(history), {
    check: HEALTH_CHECK,
    requests: tagsIn(phases, tags),
    what: `a call that waits for ${upstream}`,
    noise: noiseOf(history, facts),
  });
  if (bad.length === 0) return [quick];
  const why = bad.every(({ status }) => status !== 0) ? { usually: HEALTH_NEEDS_UPSTREAMS } : {};
  return [{ ...quick, verdict: 'FAIL', observed: tally(calls.map(answerOf)), ...why }];
}
