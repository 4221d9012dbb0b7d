import { isAttemptedOnce, promisedCallsOf } from '../../contract/attempts.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { Tags } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { answerOf, type Checker, type Facts, timedBreakers } from '../lib/checker.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS, LATE_MS, latestGivenUp } from '../lib/tolerances.ts';

/** Longer timeouts are not waited for (see scenarios/lib/hanging-calls.ts). */
const LONGEST_SECONDS = 60;
/** A call that is given up before this share of the timeout has passed has another timeout. */
const EARLIEST = 0.8;

/** A promised timeout of calls to an upstream, with the times between which a call may end, in milliseconds. */
interface Timeout {
  endpoint: string;
  upstream: string;
  seconds: number;
  earliest: number;
  latest: number;
}

/**
 * Checks that a service that was started without settings gives up an upstream call after the promised time: the
 * timeout of a breaker's calls, neither much earlier nor later, or the time within which an endpoint answers while its
 * upstream hangs.
 *
 * The script makes one call for each timeout, with the tag `about: hangs at UPSTREAM`. Calls that are repeated have no
 * single timeout and are not judged.
 */
export const specifiedTimeouts: Checker = {
  name: 'specified-timeouts',
  timed: true,
  usually:
    'The promised timeout is only set in the environment of other profiles, and its default is another one, or none.',
  judge: (history, facts) => timeoutsOf(facts).map((timeout) => judge(history, facts, timeout)),
};

function timeoutsOf(facts: Facts): Timeout[] {
  const { contract } = facts;
  const guarded = timedBreakers(facts).map(({ endpoint, upstream, callTimeoutSeconds: seconds }) => {
    const earliest = seconds * 1_000 * EARLIEST;
    return { endpoint, upstream, seconds, earliest, latest: latestGivenUp(seconds * 1_000) };
  });
  const others = Object.entries(contract.endpoints).flatMap(([endpoint, { reaches, onFault }]) => {
    const { withinSeconds: seconds = Number.POSITIVE_INFINITY } = promisedAnswer(onFault, 'hang') ?? {};
    const latest = seconds * 1_000 + LATE_MS;
    return [...new Set(reaches)].map((upstream) => ({ endpoint, upstream, seconds, earliest: 0, latest }));
  });
  const isGuarded = (one: Timeout) =>
    guarded.some(({ endpoint, upstream }) => endpoint === one.endpoint && upstream === one.upstream);
  return [...guarded, ...others.filter((one) => !isGuarded(one))].filter(
    ({ seconds, upstream }) => seconds <= LONGEST_SECONDS && isOneRequest(contract, upstream),
  );
}

/** Whether all of a call's time at an upstream is that of a single HTTP request. */
const isOneRequest = (contract: Facts['contract'], upstream: string): boolean => {
  const described = contract.upstreams[upstream];
  if (described === undefined || described.tcp !== undefined) return false;
  return isAttemptedOnce(promisedCallsOf(contract, upstream), { kind: 'hang' });
};

function judge(history: History, facts: Facts, { endpoint, upstream, seconds, earliest, latest }: Timeout): Finding {
  const tags: Tags = { about: `hangs at ${upstream}`, endpoint };
  const noise = noiseOf(history, facts);
  const arrivals = history.receipts('request', upstream).filter(({ faults }) => faults.length > 0);
  const calls = history
    .requests(tags)
    .filter((call) => arrivals.some(({ at }) => at >= call.at - CLOCKS_MS && at <= answered(call)));
  const judged = {
    check: `gives up as specified: ${upstream}, ${endpoint}`,
    requests: [tags],
    expected: earliest > 0 ? `after ${seconds} s, without any settings` : `within ${seconds} s, without any settings`,
    observed: calls.map((call) => `${answerOf(call)} after ${(call.ms / 1_000).toFixed(2)} s`).join(', '),
  };
  if (calls.length === 0) return { ...judged, observed: `no call hung at ${upstream}`, verdict: 'INCONCLUSIVE' };
  if (calls.some(({ ms }) => ms < earliest)) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: worst(calls.map(({ at, ms }) => judgeExcess(ms, latest, noise(at, at + ms)))) };
}
