import { type History, tagsIn } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { numberOf, promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf, type Facts } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { openedAt } from '../lib/opened-at.ts';
import { hasValue, judgeRetryAfter, type Said, saidIn } from '../lib/retry-after.ts';
import { EARLY_MS } from '../lib/tolerances.ts';
import { callsWhileOpen, rejectedEndpoints, statusesWhileOpen, tagsWhileOpen, whileOpen } from './other-endpoints.ts';

const CHECK = 'refusals have a correct Retry-After';
const checkOf = (endpoint: string): string => `${CHECK}: ${endpoint}`;

/**
 * Checks that an open breaker's Retry-After doesn't end before the recovery timeout, because the caller would be
 * rejected again, and isn't longer than a full recovery timeout. The breaker opens in the phase "opening" and rejects
 * calls in the phase "open". The rejections of other endpoints that need the upstream are judged as well.
 */
export const breakerSaysWhen: BuiltInChecker = {
  name: 'breaker-says-when',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-covers-endpoints'],
  usually:
    'Retry-After is missing, also if only on one endpoint, in milliseconds, or the whole timeout instead of the remaining time.',
  fix: 'Send the seconds until the breaker half-opens, rounded up: `Math.ceil((opensUntil - now) / 1000)`.',
  cases(facts) {
    const breaker = breakerOf(facts);
    const promises = [promiseOf(breaker, 'retryAfter'), numberOf(breaker, 'recoverySeconds')];
    if (!breaker.retryAfter) return [];
    return [CHECK, ...rejectedEndpoints(facts).map(checkOf)].map((check) => ({ check, promises }));
  },
  without: 'its refusals promise no Retry-After (breakers.NAME.retryAfter)',
  judge(history, facts) {
    if (!breakerOf(facts).retryAfter) return [];
    const own = saidIn(history, {}, history.phases('open')).filter(({ tags }) => tags.endpoint === undefined);
    return [
      judgeSaid(history, facts, own, { check: CHECK, requests: tagsIn(history.phases('open')) }),
      ...rejectedEndpoints(facts).map((endpoint) => ofEndpoint(history, facts, endpoint)),
    ];
  },
};

/** Judges the rejections of another endpoint. It may accept all calls for later instead. */
function ofEndpoint(history: History, facts: Facts, endpoint: string): Finding {
  const said = saidIn(history, { endpoint }, whileOpen(history));
  const judged = { check: checkOf(endpoint), requests: tagsWhileOpen(history, endpoint) };
  const calls = callsWhileOpen(history, facts, endpoint);
  const [{ refusal }, statuses] = [breakerOf(facts), statusesWhileOpen(facts, endpoint)];
  const isOther = calls.length > 0 && calls.every(({ status }) => status !== refusal && statuses.includes(status));
  if (said.length > 0 || !isOther) return judgeSaid(history, facts, said, judged);
  return { ...judged, expected: `Retry-After of each ${refusal}`, observed: `no call got ${refusal}`, verdict: 'PASS' };
}

function judgeSaid(
  history: History,
  facts: Facts,
  said: readonly Said[],
  check: Pick<Finding, 'check' | 'requests'>,
): Finding {
  const { recoverySeconds } = breakerOf(facts);
  const opened = openedAt(history, facts);
  const noise = noiseOfNote(noiseOf(history, facts), opened);
  const earlyBy = ({ at, value }: Said): number => opened + recoverySeconds * 1_000 - (at + value * 1_000);
  const truth = (answer: Said): Verdict => {
    const { value } = answer;
    if (value > Math.ceil(recoverySeconds)) return 'FAIL';
    if (opened === Number.NEGATIVE_INFINITY) return 'INCONCLUSIVE';
    return judgeExcess(earlyBy(answer), EARLY_MS, noise);
  };
  const expected = `Retry-After of each refusal: not before the trial, and at most ${Math.ceil(recoverySeconds)} s`;
  const earliest = Math.max(...said.filter(hasValue).map(earlyBy));
  const evidence = whatIsLeft('measured: the earliest ends too early by', earliest, EARLY_MS, noise);
  return { ...judgeRetryAfter({ ...check, expected }, said, truth), evidence };
}
