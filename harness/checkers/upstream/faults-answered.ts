import { count } from '../../base/in-words.ts';
import { isHttp } from '../../contract/is-http.ts';
import { type PromisedAnswer, promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Change, type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServedWithout, planned } from '../lib/checker.ts';
import { isMostlyDelayed, type Noise, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { type Outcome, outcomeOf } from '../lib/outcome.ts';
import { answered } from '../lib/request-times.ts';
import { breakersOpenedBy } from './breakers-opened-by.ts';
import {
  type FailingCalls,
  type FailingPhase,
  failingCalls,
  isReportedIn,
  isWaiting,
  onFaultOf,
} from './failing-calls.ts';
import { NO_STREAM } from './failing-streams.ts';
import { isRelayed, isSameBody, judgeRelayed, relaysOf } from './relayed.ts';

/**
 * Checks that a caller gets the promised answer while an upstream fails. Without a promise for the fault, the caller
 * has to get an answer that is not a success. An endpoint must be served while an optional upstream fails
 * (`servedWithout`), and may be served by another upstream if the contract says so (`fallback`). If it passes on the
 * answers of the upstream (`relays`), the caller gets the broken answer as it is, and one that breaks off does not look
 * complete.
 */
export const faultsAnswered: BuiltInChecker = {
  name: 'faults-answered',
  restsOn: ['steady-state'],
  undecidedBy: ['faults-answered-in-time'],
  usually:
    'The service does not notice an error in a 200, a broken body or a truncated stream, has no separate status for errors, or sends an earlier answer although the contract does not allow that.',
  fix: 'Treat an unusable body as a failure: check its shape, its end and an `error` in it, and map every failure to a separate status. If a response without the upstream is intended, such as a cached one, promise it: `servedWithout` or `fallback` of the endpoint.',
  cases: (facts) =>
    planned(facts, 'failing')?.map((phase) => {
      const { answer, mayBeServed, isOptional } = promiseOf(facts, phase);
      const isPassedOn = answer === undefined && isRelayed(facts, phase);
      const isPromised = answer !== undefined && (!mayBeServed || answer === 'served');
      const servedWithout = ['endpoints', phase.endpoint, 'servedWithout'];
      return {
        check: checkOf(phase),
        promises: isPassedOn
          ? [relaysOf(phase)]
          : isOptional
            ? [servedWithout]
            : isPromised
              ? [onFaultOf(facts, phase)]
              : [],
      };
    }),
  without: 'no endpoint reaches an HTTP upstream (`endpoints.NAME.reaches`)',
  judge: (history, facts) => failingCalls(history, facts).map((calls) => judgeAnswers(history, facts, calls)),
};

const PASSED_ON =
  'The service passes the broken answer of the upstream on as it is, and its caller takes it for a good one. Check the body before you answer. If the service is meant to be a transparent proxy, promise that: `relays` of the endpoint.';

const WAITED_FOR =
  'The call waited until the slow answer was complete: its timeout covers only the headers, restarts with each read, or is longer than promised.';

/** Names the cause if the call waited for a slow answer, or if its failure became an internal error. */
function whyOther(
  failing: readonly RequestSample[],
  { answer }: Promised,
  isWaitedFor: boolean,
): Pick<Finding, 'usually'> {
  if (isWaitedFor) return { usually: WAITED_FOR };
  const isUnhandled = answer !== INTERNAL_ERROR && failing.every(({ status }) => status === INTERNAL_ERROR);
  return isUnhandled && failing.length > 0 ? { usually: UNHANDLED } : {};
}

const INTERNAL_ERROR = 500;
const UNHANDLED =
  'The failure is not handled: it becomes an internal error (500). Map the error of the client for this failure to the promised answer.';

const checkOf = ({ upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): string =>
  `answer to ${fault}: ${upstream}, ${endpoint}`;

function judgeAnswers(history: History, facts: Facts, calls: FailingCalls): Finding {
  const { phase, upstream, fault, endpoint, failing, met, isFelt } = calls;
  // A response that is no stream stays whole.
  const isNoStream = fault === 'cut-stream' && met.length > 0 && met.every(({ outcome }) => outcome !== 'cut');
  const isReported = isReportedIn(history, phase);
  const promise = promiseOf(facts, calls);
  const relayed = promise.answer === undefined ? judgeRelayed(history, facts, calls) : undefined;
  if (relayed) return { check: checkOf(calls), requests: tagsIn(phase, { about: 'failing' }), ...relayed };
  const changes = fallbackIn(history, facts, calls);
  const noise = noiseOf(history, facts);
  const judged = failing.map((call) => {
    const outcome = outcomeOf(call, promise.served, isReported);
    const verdict = verdictOf(outcome, promise, () => isExcused(facts, calls, call, noise));
    const isDelayed = verdict === 'INCONCLUSIVE' && isMostlyDelayed(call, noise);
    const left = isDelayed ? whatIsLeft('the call took', call.ms, 0, noise(call.at, answered(call))) : [];
    return { text: outcome.text, verdict, left };
  });
  const verdict = isFelt && !isNoStream ? worst(judged.map((call) => call.verdict)) : 'INCONCLUSIVE';
  const isWaitedFor = isWaiting(fault, facts.faults) && failing.some(({ status }) => promise.served.includes(status));
  return {
    check: checkOf(calls),
    requests: tagsIn(phase, { about: 'failing' }),
    expected: expectedOf(promise),
    observed: judged.map(({ text }) => text).join(', ') || 'no call',
    verdict,
    ...(verdict === 'FAIL' && whyOther(failing, promise, isWaitedFor)),
    ...(verdict === 'FAIL' && promise.answer === undefined && isSameBody(history, calls) && { usually: PASSED_ON }),
    evidence: [
      isNoStream
        ? `${upstream} ${NO_STREAM}: remove it from endpoints.${endpoint}.onFault`
        : `the fault acted on ${count(met.length, 'request')} to ${upstream}`,
      ...judged.flatMap(({ left }) => left),
    ],
    ...(changes.length > 0 && { changes }),
  };
}

/**
 * Returns the fallback that would describe calls that another upstream served, if the contract has none. Without such
 * an upstream, a success may be a defect, so the contract should not promise it.
 */
function fallbackIn(history: History, facts: Facts, { phase, upstream, endpoint, failing }: FailingCalls): Change[] {
  const { reaches = [], served = [], fallback } = facts.contract.endpoints[endpoint] ?? {};
  const isServed = failing.length > 0 && failing.every(({ status }) => served.includes(status));
  if (!isServed || fallback !== undefined || isServedWithout(facts, endpoint, upstream)) return [];
  const others = Object.keys(facts.contract.upstreams).filter(
    (name) => !reaches.includes(name) && isHttp(facts.contract, name),
  );
  const called = others.flatMap((name) => history.receiptsIn(phase, name)).sort((a, b) => a.at - b.at);
  const next = new Set(called.map((receipt) => receipt.upstream));
  return next.size === 0 ? [] : [{ path: ['endpoints', endpoint, 'fallback'], value: [upstream, ...next] }];
}

/** The response that the contract promises for a call that fails. */
interface Promised {
  /** Undefined if it only has to be an answer that is not a success. */
  readonly answer: PromisedAnswer['answer'] | undefined;
  readonly served: readonly number[];
  readonly mayBeServed: boolean;
  /** Whether it must be served because the upstream is optional, and no answer to the fault is promised. */
  readonly isOptional: boolean;
}

function promiseOf(facts: Facts, { upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): Promised {
  const { served = [], servedWithout = [], onFault = {} } = facts.contract.endpoints[endpoint] ?? {};
  const { answer } = promisedAnswer(onFault, fault, upstream) ?? {};
  const isOptional = answer === undefined && servedWithout.includes(upstream);
  const mayBeServed = isServedWithout(facts, endpoint, upstream, fault);
  return { answer, served, mayBeServed, isOptional };
}

function verdictOf(outcome: Outcome, promise: Promised, isItExcused: () => boolean): Verdict {
  const { is } = outcome;
  if (isPromised(outcome, promise)) return 'PASS';
  // faults-answered-in-time judges a call without an answer.
  if (is === 'unknown' || is === 'unanswered') return 'INCONCLUSIVE';
  return is !== 'served' && isItExcused() ? 'INCONCLUSIVE' : 'FAIL';
}

function isPromised({ is, status }: Outcome, { answer, mayBeServed, isOptional }: Promised): boolean {
  if (is === 'served') return mayBeServed || answer === 'served' || answer === status;
  if (is === 'refused') return (answer === undefined && !isOptional) || answer === 'error' || answer === status;
  if (is === 'reported in the stream') return answer === undefined || answer === 'error';
  return is === 'aborted' && answer === 'error';
}

function expectedOf({ answer, mayBeServed, isOptional }: Promised): string {
  if (answer === 'served' || isOptional) return 'served';
  const failed =
    answer === undefined ? 'an answer that is not a success' : answer === 'error' ? 'an error' : `${answer}`;
  return mayBeServed ? `served, or ${failed}` : failed;
}

/**
 * Whether an unexpected answer is no defect of the service: most of the call's time is a delay by the machine, so that
 * the service may have seen a timeout instead of the fault, or the failures may have opened a breaker, which answered.
 */
function isExcused(facts: Facts, { upstream, met }: FailingCalls, call: RequestSample, noise: Noise): boolean {
  if (isMostlyDelayed(call, noise)) return true;
  return breakersOpenedBy(met.length, upstream, facts).some(({ refusal }) => refusal === call.status);
}
