import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { whenItCloses } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  breakerOf,
  type Facts,
  howManyReached,
  mayBegin,
  tally,
} from '../lib/checker.ts';
import { DELAYED, isMostlyDelayed, noiseOf } from '../lib/noise.ts';
import { openAfter } from '../lib/open-after.ts';

const CLOSING_CHECK = 'closes after a good trial';
const TOO_FEW_CHECK = 'stays open after too few good trials';

/** Whether the script lets too few trials succeed to close the breaker. */
const hasTooFew = (facts: Facts): boolean =>
  breakerOf(facts).trying.toClose > 1 && mayBegin(facts, 'one good trial too few');

/**
 * Checks that a successful trial closes the breaker: many simultaneous calls in the phase "closed" must all be served.
 */
export const breakerCloses: BuiltInChecker = {
  name: 'breaker-closes',
  restsOn: ['breaker-opens', 'breaker-reopens'],
  usually: 'A successful trial does not close the breaker.',
  fix: 'Close after the promised number of successful trials, and drop the connections from before the outage: open new ones for the trial.',
  cases(facts) {
    const promises = whenItCloses(breakerOf(facts));
    return [{ check: CLOSING_CHECK, promises }, ...(hasTooFew(facts) ? [{ check: TOO_FEW_CHECK, promises }] : [])];
  },
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const { upstream, endpoint } = breaker;
    const served = facts.contract.endpoints[endpoint]?.served ?? [];
    const phases = history.phases('closed');
    const [calls, sent] = [history.requestsIn(phases), history.sentIn(phases)];
    const arrived = history.receiptsIn(phases, upstream).length;
    const failed = calls.filter(({ status }) => !served.includes(status));
    const held = arrived >= calls.length && failed.length === 0;
    const noise = noiseOf(history, facts);
    const isDelayed = failed.length > 0 && failed.every((call) => isMostlyDelayed(call, noise));
    const excuse = held ? undefined : hasReopened(history, breaker) ? REOPENED : isDelayed ? DELAYED : undefined;
    const enough = calls.length > 0 && calls.length >= sent.length / 2 && arrived <= sent.length;
    return [
      {
        check: CLOSING_CHECK,
        requests: tagsIn(phases),
        expected: `every call reaches ${upstream} and is served`,
        observed: `${howManyReached(arrived, calls.length)}: ${tally(calls.map(answerOf))}`,
        verdict: calls.length > 0 && !held && excuse === undefined ? 'FAIL' : enough && held ? 'PASS' : 'INCONCLUSIVE',
        ...(excuse === undefined ? whyNotClosed(breaker, failed, arrived >= calls.length) : { evidence: [excuse] }),
      },
      ...(hasTooFew(facts) ? [staysOpen(history, facts, breaker)] : []),
    ];
  },
};

/** Names the cause if calls were not served after the trial, by whether all of them reached the upstream. */
function whyNotClosed(
  { upstream, refusal }: Breaker,
  failed: readonly RequestSample[],
  isClosed: boolean,
): Pick<Finding, 'usually'> {
  if (failed.length === 0 || (!isClosed && failed.every(({ status }) => status === refusal))) return {};
  const got = tally(failed.map(answerOf));
  const usually = isClosed
    ? `The breaker has closed: every call reached ${upstream}. What follows in the service fails (${got}), such as its database, a pool, or a limit of calls at once.`
    : `The breaker does not refuse all of these calls, but they fail before they reach ${upstream} (${got}): they reuse dead connections from the outage, or wait for a slot or a lock.`;
  return { usually };
}

const REOPENED = 'it closed, and opened again when fewer calls failed than it needs to open';

/**
 * Whether a breaker closed after the good trial, and opened again in the phase "below after recovery". A breaker that
 * does not close lets one more trial through, which fails.
 */
function hasReopened(history: History, { name, upstream }: Breaker): boolean {
  const phases = history.phases('below after recovery');
  const reached = history.receiptsIn(phases, upstream);
  if (reached.length === 0 || reached.length >= history.requestsIn(phases).length) return false;
  const states = history.all('transition').filter(({ breaker, at }) => breaker === name && at <= (phases[0]?.at ?? 0));
  return reached.length > 1 || states.at(-1)?.to === 'closed';
}

/**
 * A breaker that needs several successful trials must not close any earlier. In the phase "one good trial too few", all
 * remaining trials fail, after which the breaker must be open again.
 */
function staysOpen(history: History, facts: Facts, breaker: Breaker): Finding {
  const { upstream, trying } = breaker;
  const phases = history.phases('one good trial too few');
  const calls = history.requestsIn(phases);
  const reached = history.receiptsIn(phases, upstream);
  const after = openAfter(history, facts, { phase: phases, breaker, calls, reached });
  // The first trial was served in the previous phase.
  const complete = calls.length === trying.total - 1 && reached.length <= calls.length;
  const passed = calls.filter(({ tags }) => tags.about === 'success').length;
  return {
    check: TOO_FEW_CHECK,
    requests: tagsIn([...phases, ...history.related('after', phases)]),
    expected: `after ${count(trying.toClose - 1, 'successful trial')}, and then failures, no call reaches ${upstream}`,
    observed: `${passed + 1} succeeded; ${howManyReached(reached.length, calls.length)}, ${after.observed}`,
    verdict: complete && reached.length > passed ? after.verdict : 'INCONCLUSIVE',
    evidence: after.evidence,
  };
}
