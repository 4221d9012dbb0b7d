import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { rescuedFailures } from '../../contract/call-failures.ts';
import { effectOf } from '../../contract/known-faults.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { isMostlyDelayed, type Noise, noiseOf } from '../lib/noise.ts';
import { outcomeOf } from '../lib/outcome.ts';
import { casesTogether, ifAllBegan } from './several-phases.ts';

/**
 * Checks that a further attempt rescues a call. For each failure in `calls.on`, the first attempts fail, from one to all
 * but the last. The caller must be served, and the upstream must get exactly one request more than failed. An upstream in
 * `servedWithout` is left out, because its endpoint is served in any case. What was not tried is listed: timeouts of
 * more than 10 s together, and failures that would open a breaker that counts attempts.
 */
export const callsRescued: BuiltInChecker = {
  name: 'calls-rescued',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The result of the first attempt is kept, or its error is thrown although a later attempt succeeds: the retry costs requests and helps nobody.',
  fix: 'Return the result of the attempt that succeeds, and throw the last error only after all attempts have failed. Reset everything that an attempt has set, such as an error flag, a consumed body or an aborted signal.',
  cases: (facts) => casesTogether(together(facts)),
  without: 'no endpoint calls an HTTP upstream with `upstreams.NAME.calls.on` and needs it',
  judge(history, facts) {
    const noise = noiseOf(history, facts);
    const phases = history.phases('rescued').filter((phase) => isNeeded(facts, phase));
    return [...Map.groupBy(phases, checkOf)].map(([check, rescues]): Finding => {
      const judged = rescues.map((phase) => judgeRescue(history, facts, phase, noise));
      const failed = judged.filter(({ verdict }) => verdict === 'FAIL');
      const finding: Finding = {
        check,
        requests: tagsIn(rescues, { about: 'rescued' }),
        expected: rescues.map(({ failures }) => `served by attempt ${failures + 1}`).join(', '),
        observed: judged.map(({ text }) => text).join('; '),
        verdict: worst(judged.map(({ verdict }) => verdict)),
        ...(failed[0]?.usually !== undefined && { usually: failed[0].usually }),
      };
      const { upstream, endpoint } = rescues[0] as Rescued;
      return withEvidence(
        ifAllBegan(finding, rescues.length, together(facts)),
        whatIsNotTried(facts, { upstream, endpoint }),
      );
    });
  },
};

type Rescued = PlannedAction<'rescued'>;

const checkOf = ({ upstream, fault, endpoint }: Rescued): string => `rescued after ${fault}: ${upstream}, ${endpoint}`;

const isNeeded = ({ contract }: Facts, { endpoint, upstream }: Rescued): boolean =>
  contract.endpoints[endpoint]?.servedWithout.includes(upstream) === false;

const together = (facts: Facts) => ({
  planned: planned(facts, 'rescued')?.filter((phase) => isNeeded(facts, phase)),
  checkOf,
  promisesOf: ({ upstream }: Rescued) => [
    ['upstreams', upstream, 'calls', 'attempts'],
    ['upstreams', upstream, 'calls', 'on'],
  ],
});

interface Judged {
  readonly text: string;
  readonly verdict: Verdict;
  readonly usually?: string;
}

const KEPT =
  'A later attempt gets an answer, but the caller gets the result or the error of an earlier one: the result of the first attempt is kept, or an error flag is not reset.';
const MADE_UP = 'The caller gets a success although no attempt got an answer: data of a failed attempt is passed on.';
const AGAIN = 'A call is repeated although one of its attempts got an answer.';
const REPLACED = 'Another upstream answers although an attempt at this one is left, or has got an answer.';

function judgeRescue(history: History, facts: Facts, phase: PhaseEntry<ActionPhase<'rescued'>>, noise: Noise): Judged {
  const { endpoint, upstream, failures } = phase;
  const [call] = history.sentIn(phase, { about: 'rescued' });
  const after = `after ${count(failures, 'failure')}`;
  if (call === undefined) return { text: `${after}: no call`, verdict: 'INCONCLUSIVE' };
  const reached = history.receiptsIn(phase, upstream);
  const met = reached.filter(({ faults }) => faults.length > 0).length;
  const good = reached.length - met;
  const judged = (text: string, verdict: Verdict, usually?: string): Judged => ({
    text: `${after}: ${text} (${met} of ${count(reached.length, 'attempt')} failed)`,
    verdict,
    ...(usually !== undefined && { usually }),
  });
  const isReported = history.metricIn('errors_in_streams', phase).length > 0;
  const { served = [], reaches = [], stream } = facts.contract.endpoints[endpoint] ?? {};
  const outcome = outcomeOf(call, served, isReported);
  const isCutOff =
    stream !== undefined && history.metricIn('complete_streams', phase, { about: 'rescued' }).length === 0;
  const isServed = outcome.is === 'served' && !isCutOff;
  const text = isServed ? 'served' : outcome.is === 'served' ? 'the stream is not complete' : outcome.text;
  if (met === 0 || outcome.is === 'unknown') return judged(text, 'INCONCLUSIVE');
  const isReplaced = substitutesOf(facts, phase).some((other) => history.receiptsIn(phase, other).length > 0);
  const each = Math.max(1, reaches.filter((name) => name === upstream).length);
  if (isServed && met === failures && good === each && !isReplaced) return judged(text, 'PASS');
  if (isExcused(facts, phase, call) || isMostlyDelayed(call, noise)) return judged(text, 'INCONCLUSIVE');
  if (isServed) return judged(text, 'FAIL', isReplaced ? REPLACED : good > each ? AGAIN : MADE_UP);
  return good > 0 ? judged(text, 'FAIL', KEPT) : judged(text, 'FAIL', gaveUp(met, failures));
}

const gaveUp = (met: number, failures: number): string =>
  met < failures
    ? `The call gives up after ${count(met, 'attempt')}: fewer attempts are made, or this failure is not repeated.`
    : `After ${count(failures, 'failure')} of this kind, no further attempt is made.`;

/** Returns the upstreams that may serve the endpoint's calls if this one fails. */
function substitutesOf({ contract }: Facts, { endpoint, upstream }: Rescued): string[] {
  const { order = [] } = fallbackOf(contract.endpoints[endpoint]?.fallback) ?? {};
  return order.includes(upstream) ? order.slice(order.indexOf(upstream) + 1) : [];
}

/** A call that takes this share of its time may have been ended because of that. */
const SHARE_OF_TIME = 0.8;

/** Whether a call took so long that it may have been ended by its budget, or by its caller while an attempt hung. */
function isExcused({ contract, faults }: Facts, { endpoint, upstream, fault }: Rescued, call: RequestSample): boolean {
  const { budgetSeconds } = promisedCallsOf(contract, upstream);
  const { withinSeconds } = promisedAnswer(contract.endpoints[endpoint]?.onFault ?? {}, fault, upstream) ?? {};
  const seconds = Math.min(...[budgetSeconds, withinSeconds].map((bound) => bound ?? Number.POSITIVE_INFINITY));
  const isWaiting = effectOf({ kind: fault }, faults) === 'waits';
  return call.ms >= seconds * 1_000 * SHARE_OF_TIME || (isWaiting && call.status === 0);
}

/** Returns, as evidence, the failures from which no call was to be rescued: see scenarios/lib/rescues.ts. */
function whatIsNotTried(facts: Facts, { upstream, endpoint }: Pick<Rescued, 'upstream' | 'endpoint'>): string[] {
  const calls = promisedCallsOf(facts.contract, upstream);
  const tried = planned(facts, 'rescued')?.filter(
    (rescue) => rescue.upstream === upstream && rescue.endpoint === endpoint,
  );
  const counts = Array.from({ length: calls.attempts - 1 }, (_, index) => index + 1);
  const left = Object.keys(rescuedFailures(calls)).flatMap((fault) =>
    counts
      .filter((failures) => !tried?.some((rescue) => rescue.fault === fault && rescue.failures === failures))
      .map((failures) => `${failures} × ${fault}`),
  );
  return tried === undefined || left.length === 0
    ? []
    : [`not tried, because it takes more than 10 s or opens a breaker: ${left.join(', ')}`];
}
