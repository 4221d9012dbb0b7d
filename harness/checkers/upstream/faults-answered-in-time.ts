import { promisedCallsOf } from '../../contract/attempts.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { isGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingCalls, failingCalls, WAITING } from './failing-calls.ts';

/** Maximum time for each attempt if the upstream fails immediately, in seconds, regardless of its Retry-After. */
export const AT_ONCE_SECONDS = 5;

/**
 * Checks that a caller gets the whole answer within the promised time while an upstream fails. If no time is promised,
 * a call fails soon after the upstream does: the service must not make a caller wait for as long as an upstream's
 * Retry-After. If only an answer is promised, it must come before the caller gives up.
 */
export const faultsAnsweredInTime: Checker = {
  name: 'faults-answered-in-time',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The call has no timeout, or one that covers only the headers or restarts with each read. Or retries multiply it, or the service waits for as long as Retry-After says.',
  judge: (history, facts) => failingCalls(history).flatMap((calls) => judgeTimes(history, facts, calls)),
};

function judgeTimes(history: History, facts: Facts, calls: FailingCalls): Finding[] {
  const { phase, upstream, fault, endpoint, failing, isFelt } = calls;
  const bound = boundOf(facts, calls);
  if (bound === undefined) return [];
  const noise = noiseOf(history, facts);
  const late = failing.map((call) => judgeTime(call, bound, noise(call.at, answered(call))));
  const longest = Math.max(0, ...failing.map(({ ms }) => ms));
  return [
    {
      check: `answer in time to ${fault}: ${upstream}, ${endpoint}`,
      requests: tagsIn(phase, { about: 'failing' }),
      expected: bound.text,
      observed: `after ${(longest / 1_000).toFixed(2)} s${failing.some(isGivenUp) ? ', without an answer' : ''}`,
      verdict: isFelt ? worst(late) : 'INCONCLUSIVE',
    },
  ];
}

function judgeTime(call: RequestSample, { ms }: Bound, noise: number): Verdict {
  const late = judgeExcess(call.ms, ms, noise);
  if (!isGivenUp(call)) return late;
  if (ms === Number.POSITIVE_INFINITY) return judgeExcess(call.ms, 0, noise);
  // If the caller gave up too early, the answer might have come in time.
  return late === 'PASS' ? 'INCONCLUSIVE' : late;
}

/** The time for an answer, in words, and with its tolerance in milliseconds. */
interface Bound {
  readonly text: string;
  readonly ms: number;
}

/** Returns the time for an answer, or undefined if the contract promises none. */
function boundOf({ contract }: Facts, { endpoint, fault, upstream }: FailingCalls): Bound | undefined {
  const { answer, withinSeconds } = promisedAnswer(contract.endpoints[endpoint]?.onFault ?? {}, fault) ?? {};
  const { attempts, budgetSeconds } = promisedCallsOf(contract, upstream);
  const seconds = withinSeconds ?? budgetSeconds;
  if (seconds !== undefined) return { text: `within ${seconds} s`, ms: seconds * 1_000 + LATE_MS };
  if (WAITING.includes(fault) || answer === 'served') {
    return answer === undefined ? undefined : { text: 'an answer', ms: Number.POSITIVE_INFINITY };
  }
  const atOnce = AT_ONCE_SECONDS * attempts;
  return { text: `within ${atOnce} s`, ms: atOnce * 1_000 };
}
