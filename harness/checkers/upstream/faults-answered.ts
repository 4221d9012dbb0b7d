import { count } from '../../base/in-words.ts';
import { type PromisedAnswer, promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { breakerOf, type Checker, type Facts } from '../lib/checker.ts';
import { noiseOf, ownTime } from '../lib/noise.ts';
import { type FailingCalls, failingCalls } from './failing-calls.ts';

/** k6's `error_code` for a request whose caller left before the answer was complete. */
const GIVEN_UP = '1050';

/** Shortest delay by the machine with which a service may take a fault for a timeout, in milliseconds. */
const TAKEN_FOR_TIMEOUT_MS = 500;

/**
 * Checks that a caller gets the promised answer while an upstream fails. Without a promise for the fault, the caller
 * has to get an answer that is no success. An endpoint may be served without an upstream if the contract says so.
 */
export const faultsAnswered: Checker = {
  name: 'faults-answered',
  restsOn: ['steady-state'],
  usually:
    'An error in a 200, a broken body or a cut stream goes unnoticed, a timeout ends with the headers of the answer, or an error has no status of its own.',
  judge: (history, facts) => failingCalls(history).map((calls) => judgeAnswers(history, facts, calls)),
};

function judgeAnswers(history: History, facts: Facts, calls: FailingCalls): Finding {
  const { phase, upstream, fault, endpoint, failing, met, isFelt } = calls;
  const told = history.metric('errors_in_streams', { phase }).length > 0;
  const promise = promiseOf(facts, calls);
  const outcomes = failing.map((call) => outcomeOf(call, promise.served, told));
  const verdicts = failing.map((call, index) => {
    if (isPromised(outcomes[index] as Outcome, promise)) return 'PASS';
    return mayBeBlamed(history, facts, calls, call) ? 'FAIL' : 'INCONCLUSIVE';
  });
  return {
    check: `answer to ${fault}: ${upstream}, ${endpoint}`,
    requests: [{ phase, about: 'failing' }],
    expected: expectedOf(promise),
    observed: outcomes.map(({ text }) => text).join(', ') || 'no call',
    verdict: isFelt ? worst(verdicts) : 'INCONCLUSIVE',
    evidence: [`the fault acted on ${count(met.length, 'request')} to ${upstream}`],
  };
}

/** What the contract says about the answer to a call that fails. */
interface Promised {
  /** Undefined if it only has to be an answer that is no success. */
  readonly answer: PromisedAnswer['answer'] | undefined;
  readonly served: readonly number[];
  readonly mayBeServed: boolean;
}

function promiseOf({ contract }: Facts, { upstream, fault, endpoint }: FailingCalls): Promised {
  const { served = [], servedWithout = [], onFault = {} } = contract.endpoints[endpoint] ?? {};
  return { answer: promisedAnswer(onFault, fault)?.answer, served, mayBeServed: servedWithout.includes(upstream) };
}

/** How a call ended. */
interface Outcome {
  readonly is: 'served' | 'refused' | 'told in a stream' | 'aborted' | 'unanswered' | 'unknown';
  readonly status: number;
  readonly text: string;
}

function outcomeOf(call: RequestSample, served: readonly number[], told: boolean): Outcome {
  const { status, ms, tags } = call;
  const ended = (is: Outcome['is'], text: string): Outcome => ({ is, status, text });
  if (!tells(call)) return ended('unknown', 'no answer, for a reason that says nothing about the service');
  if (status === 0 && tags.error_code === GIVEN_UP) return ended('unanswered', `no answer within ${seconds(ms)}`);
  if (status === 0) return ended('aborted', 'the connection was closed before the answer was complete');
  if (!served.includes(status)) return ended('refused', `the caller got ${status}`);
  if (told) return ended('told in a stream', `the caller got ${status} and an event with an error`);
  return ended('served', `the caller got ${status} for a call that failed`);
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function isPromised({ is, status }: Outcome, { answer, mayBeServed }: Promised): boolean {
  if (is === 'served') return mayBeServed || answer === 'served' || answer === status;
  if (is === 'refused') return answer === undefined || answer === 'error' || answer === status;
  if (is === 'told in a stream') return answer === undefined || answer === 'error';
  return is === 'aborted' && answer === 'error';
}

function expectedOf({ answer, mayBeServed }: Promised): string {
  if (answer === 'served') return 'served';
  const failed = answer === undefined ? 'an answer that is no success' : answer === 'error' ? 'an error' : `${answer}`;
  return mayBeServed ? `served, or ${failed}` : failed;
}

/**
 * Whether the service is to blame for an unexpected outcome. It always is for a success. Otherwise it is not if most
 * of the call's time is a delay by the machine, so that the service may have seen a timeout instead of the fault, or if
 * the failures may have opened a breaker.
 */
function mayBeBlamed(history: History, facts: Facts, { upstream, met }: FailingCalls, call: RequestSample): boolean {
  if (!tells(call)) return false;
  const isServed = facts.contract.endpoints[call.tags.endpoint ?? '']?.served.includes(call.status);
  if (isServed) return true;
  const delayed = call.ms - ownTime(call, noiseOf(history, facts));
  if (delayed >= TAKEN_FOR_TIMEOUT_MS && delayed >= call.ms / 2) return false;
  return !Object.keys(facts.numbers.breakers)
    .map((breaker) => breakerOf({ ...facts, breaker }))
    .some((one) => one.upstream === upstream && one.refusal === call.status && isEnough(one, met.length));
}

const isEnough = ({ opening }: ReturnType<typeof breakerOf>, failures: number): boolean =>
  failures >= (opening.alone ?? opening.failures);
