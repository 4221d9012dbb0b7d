import { type PromisedTimeout, promisedTimeouts } from '../../contract/promised-timeouts.ts';
import type { Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, type Facts, isServed } from '../lib/checker.ts';
import { unlessGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf, whatIsLeft, whatIsLeftOver } from '../lib/noise.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS, latestGivenUp } from '../lib/tolerances.ts';
import { onFaultOf } from './failing-calls.ts';

/** A call that times out before this share of the timeout has passed has a different timeout. */
const EARLIEST = 0.8;

/**
 * Checks that in a service that was started without settings, an upstream call times out after the promised time: the
 * timeout of a breaker's calls through every endpoint, neither much earlier nor later, or the time within which an
 * endpoint answers while its upstream hangs. A call that fails earlier without reaching the upstream has timed out as well.
 *
 * The script makes one call for each timeout, with the tag `about: hangs at UPSTREAM`. If a setting sets the timeout,
 * its default is not judged, and the tag `settings` names it.
 */
export const specifiedTimeouts: BuiltInChecker = {
  name: 'specified-timeouts',
  timed: true,
  usually:
    'The promised timeout is set only in the environment of other profiles. The service has a different default, no default, or one that is not a number.',
  fix: 'Set the promised timeout as the default in the code, so that it also applies without a setting.',
  cases: (facts) =>
    promisedTimeouts(facts.contract, facts.numbers, facts.faults).map((timeout) => ({
      check: checkOf(timeout),
      promises: promisesOf(facts, timeout),
    })),
  without:
    'no upstream call without retries has a timeout of at most a minute (`callTimeoutSeconds` of a breaker, ' +
    '`onFault.hang.withinSeconds` of an endpoint)',
  judge: (history, facts) =>
    promisedTimeouts(facts.contract, facts.numbers, facts.faults).map((timeout) => judge(history, facts, timeout)),
};

const checkOf = ({ upstream, endpoint }: PromisedTimeout): string => `gives up as specified: ${upstream}, ${endpoint}`;

function promisesOf({ contract, numbers }: Facts, { endpoint, upstream, seconds, isExact }: PromisedTimeout) {
  if (!isExact) return [[...onFaultOf({ contract }, { endpoint, upstream, fault: 'hang' }), 'withinSeconds']];
  return Object.entries(contract.breakers)
    .filter(([, breaker]) => breaker.upstream === upstream && contract.endpoints[endpoint]?.reaches.includes(upstream))
    .filter(([name]) => numbers.breakers[name]?.callTimeoutSeconds === seconds)
    .map(([name]) => numberOf({ name }, 'callTimeoutSeconds'));
}

function judge(history: History, facts: Facts, timeout: PromisedTimeout): Finding {
  const { endpoint, upstream, seconds, isExact } = timeout;
  const earliest = isExact ? seconds * 1_000 * EARLIEST : 0;
  const latest = isExact ? latestGivenUp(seconds * 1_000) : seconds * 1_000 + LATE_MS;
  const tags: Tags = { about: `hangs at ${upstream}`, endpoint };
  const noise = noiseOf(history, facts);
  const sent = history.requests(tags);
  const during = (call: RequestSample) => reachedDuring(history, upstream, [call]);
  const calls = sent.filter((call) => during(call).some(({ faults }) => faults.length > 0));
  const settings = sent.find((call) => call.tags.settings !== undefined)?.tags.settings;
  const how = settings === undefined ? 'without any settings' : `as ${settings} says (its default is not judged)`;
  const judged = {
    check: checkOf(timeout),
    requests: [tags],
    expected: `${isExact ? 'after' : 'within'} ${seconds} s, ${how}`,
    observed: calls.map(describe).join(', '),
  };
  if (calls.length === 0) {
    // A timeout of a few milliseconds ends a call before it reaches the upstream.
    const early = sent.filter((call) => call.ms < earliest && during(call).length === 0 && isFailed(facts, call));
    const observed = `no call hung at ${upstream}`;
    if (early.length === 0) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
    return { ...judged, observed: `${early.map(describe).join(', ')}; ${observed}`, verdict: 'FAIL' };
  }
  const promisedMs = seconds * 1_000;
  const [soonest] = calls.toSorted((a, b) => a.ms - b.ms);
  if (soonest && soonest.ms < earliest) {
    const evidence = whatIsLeft('measured: too early by', promisedMs - soonest.ms, promisedMs - earliest, 0);
    return { ...judged, evidence, verdict: 'FAIL' };
  }
  const times = calls.map((call) => ({ call, ms: call.ms, noise: noise(call.at, answered(call)) }));
  const evidence = whatIsLeftOver('measured', times, promisedMs, latest - promisedMs);
  const ends = times.map((time) => unlessGivenUp(judgeExcess(time.ms, latest, time.noise), time.call));
  return { ...judged, verdict: worst(ends), ...(evidence.length > 0 && { evidence }) };
}

const describe = (call: RequestSample): string => `${answerOf(call)} after ${(call.ms / 1_000).toFixed(2)} s`;

/** Whether a call got an error that neither a limit nor a breaker explains. */
function isFailed(facts: Facts, call: RequestSample): boolean {
  const refusals = Object.values(facts.contract.breakers).map(({ refusal }) => refusal);
  return call.status !== 0 && !isServed(facts, call) && ![429, ...refusals].includes(call.status);
}
