import type { RequestSample } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { breakerOf, type Checker, count, type Facts, type Finding, tally } from './checker.ts';
import { EARLY_MS } from './tolerances.ts';

/** Phases in which a breaker meets faults of some kinds. */
const PHASE = /^(row of|ignored by|harmless to) (\S+): (.+)$/;

const JUDGES = { 'row of': judgeRow, 'ignored by': judgeIgnored, 'harmless to': judgeHarmless };

/** One phase of a breaker: what was called in it, and what of that reached its upstream. */
interface Met {
  phase: string;
  kinds: string[];
  breaker: ReturnType<typeof breakerOf>;
  calls: RequestSample[];
  reached: ReturnType<History['receiptsIn']>;
}

/**
 * A breaker counts what speaks of its upstream's health, and nothing else (R4: 5 failures in a row): the contract says of each
 * fault whether it counts as a failure, neither counts nor ends a row, or ends one.
 */
export const failurePolicy: Checker = (history, facts) =>
  history.all('phase').flatMap(({ name: phase }): Finding[] => {
    const [, what, name = '', kinds = ''] = PHASE.exec(phase) ?? [];
    if (what === undefined) return [];
    const breaker = breakerOf({ ...facts, breaker: name });
    const [calls, reached] = [history.requests({ phase }), history.receiptsIn(phase, breaker.upstream)];
    const met = { phase, kinds: kinds.split(', '), breaker, calls, reached };
    return [JUDGES[what as keyof typeof JUDGES](history, met, facts)];
  });

/** As many failures as the threshold, all begun at once: the next call is refused. */
function judgeRow(history: History, met: Met): Finding {
  const { phase, kinds, calls, reached, breaker } = met;
  const { threshold, upstream } = breaker;
  // What is refused before it arrives leaves no receipt of a request.
  const delivered = kinds[0] === 'refuse' ? reached.length === 0 : reached.length === threshold;
  const after = openAfter(history, met);
  return {
    check: `counts as failures for ${breaker.name}: ${kinds.join(', ')}`,
    expected: `${count(threshold, 'failure')} in a row, then none reaches ${upstream}`,
    observed: `${count(calls.length, 'call')} failed, ${after.observed}`,
    verdict: calls.length === threshold && delivered ? after.verdict : 'INCONCLUSIVE',
    evidence: [`in "${phase}" ${reached.length} reached ${upstream}`],
  };
}

/** One failure less than the threshold, each of the kinds once, and the failure that opens the breaker. */
function judgeIgnored(history: History, met: Met): Finding {
  const { kinds, calls, reached, breaker } = met;
  const { threshold, upstream } = breaker;
  const expected = threshold + kinds.length;
  const after = openAfter(history, met);
  const judged = {
    check: `ignored by ${breaker.name}: ${kinds.join(', ')}`,
    expected: `between the failures ${threshold - 1} and ${threshold} of a row all reach ${upstream}; then none`,
    observed: `${reached.length} of ${count(calls.length, 'call')} reached it, ${after.observed}`,
  };
  const complete = calls.length === expected && calls.every(({ status }) => status !== 0);
  if (!complete || reached.length > expected) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length === expected) return { ...judged, verdict: after.verdict };
  const last = kinds[reached.length - threshold] ?? 'a failure';
  return { ...judged, verdict: 'FAIL', evidence: [`the last to reach it was that with ${last}`] };
}

/** Rows of one failure less than the threshold, with a call of each kind between them: all of them reach the upstream. */
function judgeHarmless(_: History, { kinds, calls, reached, breaker }: Met, facts: Facts): Finding {
  const { threshold, upstream, endpoint } = breaker;
  const served = facts.contract.endpoints[endpoint]?.served ?? [];
  const good = calls.filter(({ tags }) => tags.about !== 'failure');
  const refused = good.filter(({ status }) => status !== 0 && !served.includes(status));
  const expected = (kinds.length + 1) * threshold;
  const complete = calls.length === expected && calls.every(({ status }) => status !== 0);
  const held = refused.length === 0 && reached.length === expected;
  return {
    check: `harmless to ${breaker.name}: ${kinds.join(', ')}`,
    expected: `each is served, and ends a row of ${threshold - 1}: all reach ${upstream}`,
    observed: `${good.length - refused.length} of ${good.length} were served, ${reached.length} of ${expected} reached it`,
    verdict: !complete || reached.length > expected ? 'INCONCLUSIVE' : held ? 'PASS' : 'FAIL',
    evidence: refused.map(({ status, tags }) => `${tags.about} was answered ${status}`),
  };
}

/** Whether the breaker is open in the phase after: what comes once its recovery timeout is over may be a trial. */
function openAfter(history: History, { phase, breaker, reached, calls }: Met): Pick<Finding, 'observed' | 'verdict'> {
  const { upstream, recoverySeconds, refusal } = breaker;
  const probes = history.requests({ phase: `after ${phase}` });
  const began = Math.max(...calls.map(({ at }) => at), ...reached.map(({ endedAt }) => endedAt ?? 0));
  const over = began + recoverySeconds * 1_000 - EARLY_MS;
  const arrived = history.receiptsIn(`after ${phase}`, upstream);
  const leaked = arrived.filter(({ at }) => at < over).length;
  const inTime = probes.length > 0 && probes.every(({ at, ms, status }) => at + ms < over && status !== 0);
  const refused = probes.every(({ status }) => status === refusal);
  return {
    observed: `then ${leaked} of ${probes.length} reached it: ${tally(probes.map(({ status }) => status))}`,
    verdict: leaked > 0 ? 'FAIL' : !inTime || arrived.length > 0 ? 'INCONCLUSIVE' : refused ? 'PASS' : 'FAIL',
  };
}
