import { tagsIn } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import { numberOf, promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { openedAt } from '../lib/opened-at.ts';
import { hasValue, judgeRetryAfter, type Said, saidIn } from '../lib/retry-after.ts';
import { EARLY_MS } from '../lib/tolerances.ts';

const CHECK = 'refusals have a correct Retry-After';

/**
 * Checks that an open breaker's Retry-After doesn't end before the recovery timeout, because the caller would be
 * rejected again, and isn't longer than a full recovery timeout. The breaker opens in the phase "opening" and rejects
 * calls in the phase "open".
 */
export const breakerSaysWhen: BuiltInChecker = {
  name: 'breaker-says-when',
  timed: true,
  restsOn: ['breaker-opens'],
  usually: 'Retry-After is missing, in milliseconds, or the whole timeout instead of the remaining time.',
  fix: 'Send the seconds until the breaker half-opens, rounded up: `Math.ceil((opensUntil - now) / 1000)`.',
  cases(facts) {
    const breaker = breakerOf(facts);
    const promises = [promiseOf(breaker, 'retryAfter'), numberOf(breaker, 'recoverySeconds')];
    return breaker.retryAfter ? [{ check: CHECK, promises }] : [];
  },
  without: 'its refusals promise no Retry-After (breakers.NAME.retryAfter)',
  judge(history, facts) {
    const { retryAfter, recoverySeconds } = breakerOf(facts);
    if (!retryAfter) return [];
    const phases = history.phases('open');
    const opened = openedAt(history, facts);
    const noise = noiseOfNote(noiseOf(history, facts), opened);
    const earlyBy = ({ at, value }: Said): number => opened + recoverySeconds * 1_000 - (at + value * 1_000);
    const truth = (answer: Said): Verdict => {
      const { value } = answer;
      if (value > Math.ceil(recoverySeconds)) return 'FAIL';
      if (opened === Number.NEGATIVE_INFINITY) return 'INCONCLUSIVE';
      return judgeExcess(earlyBy(answer), EARLY_MS, noise);
    };
    const judged = {
      check: CHECK,
      requests: tagsIn(phases),
      expected: `Retry-After of each refusal: not before the trial, and at most ${Math.ceil(recoverySeconds)} s`,
    };
    const said = saidIn(history, {}, phases);
    const earliest = Math.max(...said.filter(hasValue).map(earlyBy));
    const evidence = whatIsLeft('measured: the earliest ends too early by', earliest, EARLY_MS, noise);
    return [{ ...judgeRetryAfter(judged, said, truth), evidence }];
  },
};
