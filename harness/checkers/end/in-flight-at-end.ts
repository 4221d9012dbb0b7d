import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { callsAtOnceOf } from '../lib/few-calls.ts';
import { asTime, noiseOf, ownTime, whatIsLeft } from '../lib/noise.ts';
import { answered, firstAnswered, lastAnswered } from '../lib/request-times.ts';
import { isTimedOut } from '../lib/timed-out.ts';
import {
  after,
  casesOfEnd,
  type Ending,
  inProgress,
  isBeforeExit,
  isBrokenOff,
  judgeEnd,
  NO_TERMINATION,
  RECEIVED_MS,
  signalOf,
} from './ending.ts';
import { delaysIn, whyTooShort } from './long-calls.ts';

const checkOf = (facts: Facts): string => `requests in progress at ${signalOf(facts)}`;

const LEFT =
  'The main process exited and left other processes behind, which were killed, as a container engine does. It does not pass the signal on to them, or does not wait for them. Wrappers such as `sh -c`, `npm start` and `go run` do so: start the program itself, or forward the signal and wait.';

/** Minimum number of requests that must be in progress. */
const ENOUGH = 3;
/** The share of a delay after which a request that got a response has certainly been accepted. */
const WAITED = 0.8;

/**
 * Checks that requests in progress at SIGTERM are served, or refused with 503 if the contract allows that. The script
 * delays an upstream, so that requests are in progress at any time. Requests that ended before SIGTERM show that the
 * service serves them in spite of the delay. If the contract says when calls to this upstream time out, some requests
 * take nearly as long, so that a service that gives them up too early fails. With `drainSeconds`, the service first
 * accepts more requests, which are in progress when it exits. They must not fail either.
 */
export const inFlightAtEnd: BuiltInChecker = {
  name: 'in-flight-at-end',
  restsOn: ['steady-state', 'ends-when-told-to'],
  usually:
    'The process exits at once, closes connections that are in use, or closes its pool or its clients before the last request has ended.',
  fix: 'Wait for the requests in progress before you close the pool and the clients, and exit last.',
  cases: (facts) =>
    facts.contract.termination ? casesOfEnd(facts, { check: checkOf(facts), fields: ['inFlight'] }) : [],
  without: NO_TERMINATION,
  judge(history, facts) {
    const { termination } = facts.contract;
    if (!termination) return [];
    const mayRefuse = termination.inFlight === 'refused-with-503';
    const judged = {
      check: checkOf(facts),
      about: 'load',
      expected: mayRefuse ? 'each is served or gets 503' : 'each is served',
    };
    return judgeEnd(history, judged, (ending) => {
      const calls = inProgress(history, ending, 'load');
      const isWrong = (call: RequestSample) => !isServed(facts, call) && !(mayRefuse && call.status === 503);
      const later = acceptedLater(history, facts, ending).filter((call) => isWrong(call) && !isTimedOut(facts, call));
      // The machine may have delayed a refusal.
      const noise = noiseOf(history, facts);
      const isSure = (call: RequestSample) => ownTime(call, noise) >= acceptedAfter(history, ending, call);
      const failed = later.some(isSure) ? later : [];
      const timedOut = calls.filter((call) => isWrong(call) && isTimedOut(facts, call));
      const wrong = [...calls.filter((call) => isWrong(call) && !timedOut.includes(call)), ...failed];
      const observed = [
        `${count(calls.length, 'request')}: ${tally(calls.map(answerOf))}`,
        ...(later.length === 0 ? [] : [`accepted later, but failed: ${tally(later.map(answerOf))}`]),
      ].join('; ');
      const served = calls.filter((call) => isServed(facts, call));
      const why = whyUnproved(history, facts, ending);
      if (why !== undefined) return { observed, evidence: [why], verdict: 'INCONCLUSIVE' };
      const tooShort = mayRefuse ? undefined : whyTooShort(history, facts, ending);
      const evidence = [
        ...wrong.map((call) => `${howItEnded(call)} ${after(ending, answered(call))}`),
        ...later.flatMap((call) =>
          whatIsLeft(`${call.tags.endpoint}: failed after`, call.ms, 0, noise(call.at, answered(call))),
        ),
        ...timedOut.map((call) => `${howItEnded(call)} after ${asTime(call.ms)}, which may be its timeout`),
        ...(tooShort?.evidence ?? []),
      ];
      const isEnough =
        calls.length >= Math.min(ENOUGH, callsAtOnceOf(facts)) &&
        later.length + timedOut.length === 0 &&
        !tooShort?.isUnproved;
      const verdict = wrong.length > 0 ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE';
      return {
        observed,
        evidence,
        verdict,
        ...(verdict === 'FAIL' && whyFailed(ending, { served, wrong, longMs: delaysIn(history, ending).long[1] })),
      };
    });
  },
};

/** Names the cause by when the process exited and how the requests ended. */
function whyFailed(
  ending: Ending,
  {
    served,
    wrong,
    longMs = 0,
  }: { served: readonly RequestSample[]; wrong: readonly RequestSample[]; longMs?: number | undefined },
): Pick<Finding, 'usually'> {
  const { exit } = ending;
  if (exit?.left) return { usually: LEFT };
  const givenUp = firstAnswered(wrong);
  if (served.length > 0 && lastAnswered(served) < givenUp && wrong.every(({ ms }) => ms < longMs)) {
    return {
      usually: `It waits for the requests in progress, but not long enough: it gave up those that were left ${after(ending, givenUp)}, and a call to their upstream may take longer. The time that it waits, such as uvicorn's \`--timeout-graceful-shutdown\` or gunicorn's \`--graceful-timeout\`, must be longer than the timeout of such a call.`,
    };
  }
  if (wrong.every(({ status }) => status !== 0)) {
    const usually = `The process still answers, but what its requests need is closed before the last of them has ended: a pool, a client or a worker (${tally(wrong.map(answerOf))}).`;
    return { usually };
  }
  if (
    exit === undefined ||
    !wrong.every((call) => call.status !== 0 || Math.abs(exit.at - answered(call)) < RECEIVED_MS)
  )
    return {};
  return {
    usually: `The process does not wait for its requests: it exited ${after(ending, exit.at)}, while they were in progress.`,
  };
}

const howItEnded = ({ tags: { endpoint = '', error = 'no answer' }, ...call }: RequestSample): string =>
  `${endpoint}: ${call.status === 0 ? error : answerOf(call)}`;

/** Returns the requests under load with the same delay that ended before SIGTERM. */
function endedBefore(history: History, { phase, at }: Ending): RequestSample[] {
  const delayed = history.all('fault').find((fault) => fault.at >= phase.at)?.at ?? at;
  return history.requestsIn(phase, { about: 'load' }).filter((call) => call.at > delayed && answered(call) <= at);
}

/** Returns the minimum duration, in milliseconds, of a request that was accepted instead of refused immediately. */
const acceptedAfter = (history: History, ending: Ending, call: RequestSample): number =>
  isBrokenOff(call) ? RECEIVED_MS : Math.min(...endedBefore(history, ending).map(({ ms }) => ms)) * WAITED;

/** Returns the requests under load that were sent while the service was drained, and that it accepted. */
function acceptedLater(history: History, facts: Facts, ending: Ending): RequestSample[] {
  const until = ending.at + (facts.contract.termination?.drainSeconds ?? 0) * 1_000;
  return history
    .sentIn(ending.phase, { about: 'load' })
    .filter((call) => tells(call) || isBrokenOff(call))
    .filter((call) => call.at >= ending.at && call.at < until && isBeforeExit(ending, call))
    .filter((call) => call.ms >= acceptedAfter(history, ending, call));
}

/** Returns why a failure would not be the fault of the end, or undefined if it would. */
function whyUnproved(history: History, facts: Facts, ending: Ending): string | undefined {
  const before = endedBefore(history, ending);
  if (before.length === 0) return `no request with the same delay ended before ${ending.signal}`;
  const failed = before.filter((call) => !isServed(facts, call));
  // A single call was delayed longer before SIGTERM. If it failed, none was at SIGTERM.
  const wasOnlyTried = delaysIn(history, ending).long.length === 1;
  if (failed.length <= (wasOnlyTried ? 1 : 0)) return undefined;
  return `with the same delay, but before ${ending.signal}: ${tally(before.map(answerOf))}`;
}
