import { promisedCallsOf } from '../../contract/attempts.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { isGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf, whatIsLeftOver } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingCalls, type FailingPhase, failingCalls, isWaiting, onFaultOf } from './failing-calls.ts';
import { whyTooLong } from './why-too-long.ts';

/** Maximum time for each attempt if the upstream fails immediately, in seconds, regardless of its Retry-After. */
export const AT_ONCE_SECONDS = 5;

/**
 * Checks that a caller gets the whole answer within the promised time while an upstream fails. If no time is promised,
 * a call fails soon after the upstream does: the service must not make a caller wait for as long as an upstream's
 * Retry-After. If only an answer is promised, it must come before the caller gives up.
 */
export const faultsAnsweredInTime: BuiltInChecker = {
  name: 'faults-answered-in-time',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The call has no timeout, or one that covers only the headers or restarts with each read. Or retries multiply the timeout, or the service waits as long as Retry-After says.',
  fix: 'Limit the whole call with one timeout that also covers the body and all attempts. A Retry-After beyond it ends the call.',
  cases: (facts) =>
    planned(facts, 'failing')?.flatMap((phase) => {
      const bound = boundOf(facts, phase);
      return bound ? [{ check: checkOf(phase), promises: bound.promises }] : [];
    }),
  without: 'no endpoint reaches an HTTP upstream (`endpoints.NAME.reaches`)',
  judge: (history, facts) => {
    const all = failingCalls(history, facts);
    return all.flatMap((calls) => judgeTimes(history, facts, calls, all));
  },
};

const checkOf = ({ upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): string =>
  `answer in time to ${fault}: ${upstream}, ${endpoint}`;

function judgeTimes(history: History, facts: Facts, calls: FailingCalls, all: readonly FailingCalls[]): Finding[] {
  const { phase, failing, isFelt } = calls;
  const bound = boundOf(facts, calls);
  if (bound === undefined) return [];
  const noise = noiseOf(history, facts);
  const times = failing.map((call) => ({ call, ms: call.ms, noise: noise(call.at, answered(call)) }));
  const limit = bound.ms === Number.POSITIVE_INFINITY && failing.some(isGivenUp) ? 0 : bound.ms;
  const evidence = whatIsLeftOver('measured', times, limit, bound.toleranceMs);
  const longest = Math.max(0, ...failing.map(({ ms }) => ms));
  const verdict = isFelt ? worst(times.map((time) => judgeTime(time.call, bound, time.noise))) : 'INCONCLUSIVE';
  const usually = verdict === 'FAIL' ? whySlow(facts, calls, all, bound.ms + bound.toleranceMs) : undefined;
  return [
    {
      check: checkOf(calls),
      requests: tagsIn(phase, { about: 'failing' }),
      expected: bound.text,
      observed: `after ${(longest / 1_000).toFixed(2)} s${failing.some(isGivenUp) ? ', without an answer' : ''}`,
      verdict,
      ...(evidence.length > 0 && { evidence }),
      ...(usually !== undefined && { usually }),
    },
  ];
}

/** Returns the likely cause if a caller had to wait, also from the other slow calls of the same endpoint. */
function whySlow({ faults }: Facts, late: FailingCalls, all: readonly FailingCalls[], latestMs: number) {
  if (!isWaiting(late.fault, faults)) return undefined;
  const alike = all.filter(({ upstream, endpoint }) => upstream === late.upstream && endpoint === late.endpoint);
  const slow = alike.filter(({ fault }) => isWaiting(fault, faults)).flatMap(({ met }) => met);
  const { upstream, failing, met } = late;
  return whyTooLong(slow, { upstream, calls: failing.length, requests: met.length, latestMs });
}

function judgeTime(call: RequestSample, { ms, toleranceMs }: Bound, noise: number): Verdict {
  const late = judgeExcess(call.ms, ms + toleranceMs, noise);
  if (!isGivenUp(call)) return late;
  if (ms === Number.POSITIVE_INFINITY) return judgeExcess(call.ms, 0, noise);
  // If the caller gave up too early, the answer might have come in time.
  return late === 'PASS' ? 'INCONCLUSIVE' : late;
}

/** The time for an answer in words and in milliseconds, and the tolerance for it. */
interface Bound {
  readonly text: string;
  readonly ms: number;
  readonly toleranceMs: number;
  readonly promises: readonly PromisePath[];
}

/** Returns the time for an answer, or undefined if the contract promises none. */
function boundOf(facts: Facts, phase: Omit<FailingPhase, 'action'>): Bound | undefined {
  const { contract, faults } = facts;
  const { endpoint, fault, upstream } = phase;
  const { answer, withinSeconds } = promisedAnswer(contract.endpoints[endpoint]?.onFault ?? {}, fault, upstream) ?? {};
  const { attempts, budgetSeconds } = promisedCallsOf(contract, upstream);
  const seconds = withinSeconds ?? budgetSeconds;
  if (seconds !== undefined) {
    const path =
      withinSeconds === undefined
        ? ['upstreams', upstream, 'calls', 'budgetSeconds']
        : [...onFaultOf(facts, phase), 'withinSeconds'];
    return { text: `within ${seconds} s`, ms: seconds * 1_000, toleranceMs: LATE_MS, promises: [path] };
  }
  if (isWaiting(fault, faults) || answer === 'served') {
    if (answer === undefined) return undefined;
    return { text: 'an answer', ms: Number.POSITIVE_INFINITY, toleranceMs: 0, promises: [onFaultOf(facts, phase)] };
  }
  const atOnce = AT_ONCE_SECONDS * attempts;
  return { text: `within ${atOnce} s`, ms: atOnce * 1_000, toleranceMs: 0, promises: [] };
}
