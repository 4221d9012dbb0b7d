import { breakerOf, type Checker, count, type Finding, tally } from './checker.ts';
import { noiseMs } from './noise.ts';
import { TRIAL_LATE_MS } from './tolerances.ts';

/**
 * After the recovery timeout exactly one trial of many simultaneous calls goes through (R4), and the others are refused; where
 * the contract lets any number through, at least one does. The script makes them in the phase "half-open", while the upstream
 * is slow, so that all of them come while the trial lasts.
 */
export const breakerAdmitsOneTrial: Checker = (history, facts) => {
  const { upstream, recoverySeconds, refusal, trials } = breakerOf(facts);
  const isOne = trials === 'one';
  const calls = history.requests({ phase: 'half-open' });
  const reached = history.receiptsIn('half-open', upstream);
  const statuses = tally(calls.map(({ status }) => status));
  const judged = {
    check: isOne ? 'admits one trial' : 'admits a trial',
    expected: `${isOne ? 'exactly' : 'at least'} 1 of many simultaneous calls reaches ${upstream}, the others get ${refusal}`,
    observed: `${reached.length} of ${count(calls.length, 'call')}: ${statuses}`,
  };
  const say = (verdict: Finding['verdict'], evidence: string[] = []): Finding[] => [{ ...judged, verdict, evidence }];
  if (calls.length < 2) return say('INCONCLUSIVE');
  if (reached.length > (isOne ? 1 : calls.length)) return say('FAIL');
  if (reached.length === 0) {
    const opened = Math.max(...history.requests({ phase: 'opening' }).map(({ at, ms }) => at + ms));
    const due = recoverySeconds * 1_000 + TRIAL_LATE_MS + noiseMs(history, facts);
    const late = calls.some(({ at }) => at - opened > due);
    return say(late ? 'FAIL' : 'INCONCLUSIVE');
  }
  const refused = calls.filter(({ status }) => status === refusal).length;
  const answered = calls.every(({ status }) => status !== 0);
  if (answered && refused !== calls.length - reached.length) return say('FAIL');
  const end = reached[0]?.endedAt ?? Number.POSITIVE_INFINITY;
  const during = calls.filter(({ at }) => at < end).length;
  return say(answered && during >= 2 ? 'PASS' : 'INCONCLUSIVE', [`${during} were sent before the trial ended`]);
};
