import { promisedCallsOf } from '../../contract/attempts.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { History } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingCalls, failingCalls, WAITING } from './failing-calls.ts';

/** Maximum time for each attempt if the upstream fails immediately, in milliseconds, regardless of its Retry-After. */
const AT_ONCE_MS = 5_000;

/**
 * Checks that a caller gets the whole answer within the promised time while an upstream fails. If no time is promised,
 * a call fails soon after the upstream does: the service must not make a caller wait for as long as an upstream's
 * Retry-After.
 */
export const faultsAnsweredInTime: Checker = {
  name: 'faults-answered-in-time',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The call has no timeout, or one for each read instead of the whole answer, retries multiply it, or Retry-After is waited for.',
  judge: (history, facts) => failingCalls(history).flatMap((calls) => judgeTimes(history, facts, calls)),
};

function judgeTimes(history: History, facts: Facts, calls: FailingCalls): Finding[] {
  const { phase, upstream, fault, endpoint, failing, isFelt } = calls;
  const bound = boundOf(facts, calls);
  if (bound === undefined) return [];
  const noise = noiseOf(history, facts);
  const late = failing.map(({ at, ms }) => judgeExcess(ms, bound.ms, noise(at, at + ms)));
  const longest = Math.max(0, ...failing.map(({ ms }) => ms));
  const unanswered = failing.some(({ status }) => status === 0) ? ', without an answer' : '';
  return [
    {
      check: `answer in time to ${fault}: ${upstream}, ${endpoint}`,
      requests: [{ phase, about: 'failing' }],
      expected: `within ${bound.promised} s`,
      observed: `after ${(longest / 1_000).toFixed(2)} s${unanswered}`,
      verdict: isFelt ? worst(late) : 'INCONCLUSIVE',
    },
  ];
}

/** Returns the time for an answer: in seconds, and with its tolerance. Undefined if the contract promises none. */
function boundOf({ contract }: Facts, calls: FailingCalls): { promised: number; ms: number } | undefined {
  const { endpoint, fault, upstream } = calls;
  const { answer, withinSeconds } = promisedAnswer(contract.endpoints[endpoint]?.onFault ?? {}, fault) ?? {};
  const { attempts, budgetSeconds } = promisedCallsOf(contract, upstream);
  const seconds = withinSeconds ?? budgetSeconds;
  if (seconds !== undefined) return { promised: seconds, ms: seconds * 1_000 + LATE_MS };
  if (WAITING.includes(fault) || answer === 'served') return undefined;
  return { promised: (AT_ONCE_MS / 1_000) * attempts, ms: AT_ONCE_MS * attempts };
}
