import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import type { Facts } from '../lib/checker.ts';
import { type Outcome, outcomeOf } from '../lib/outcome.ts';
import { type FailingCalls, type FailingPhase, isReportedIn } from './failing-calls.ts';

type Judged = Pick<Finding, 'expected' | 'observed' | 'verdict' | 'usually'>;

/** Whether an endpoint passes on the answers of an upstream as they are. */
export const isRelayed = (
  { contract }: Pick<Facts, 'contract'>,
  { endpoint, upstream }: Omit<FailingPhase, 'action'>,
) => contract.endpoints[endpoint]?.relays.includes(upstream) === true;

/** The promise of an endpoint that passes answers on. */
export const relaysOf = ({ endpoint }: Pick<FailingPhase, 'endpoint'>) => ['endpoints', endpoint, 'relays'];

/** How a fake's answer ends that broke off after its head. */
const BROKEN_OFF: readonly RequestReceipt['outcome'][] = ['cut', 'reset', 'half-closed'];

const CHANGED =
  "The service changes an answer of the upstream on its way: it reads and writes the body again, replaces error pages (`proxy_intercept_errors` in nginx), or does not treat it as the caller's. If that is intended, promise the answer in `onFault`, or remove the upstream from `relays`.";
const ENDED =
  'The service ends the answer cleanly although the upstream broke it off: its caller takes a part for the whole. Close the connection to the caller instead.';

/**
 * Judges calls whose upstream sent an answer with a fault that the endpoint passes on as it is: the caller gets the same
 * status and body, and an answer that breaks off does not look complete. Returns undefined if no answer is passed on: the
 * upstream sent none, or the call gave it up.
 */
export function judgeRelayed(history: History, facts: Facts, calls: FailingCalls): Judged | undefined {
  const last = calls.met.at(-1);
  if (!isRelayed(facts, calls) || !last || last.status === null) return undefined;
  const { status } = last;
  const outcomes = calls.failing.map((call) => outcomeOf(call, [status], isReportedIn(history, calls.phase)));
  const brokeOff = BROKEN_OFF.includes(last.outcome);
  if (!brokeOff && last.outcome !== 'answered') return undefined;
  const judged = outcomes.map((outcome, index) =>
    brokeOff ? ofBrokenOff(outcome) : ofWhole(outcome, last, bodyOf(history, calls, index)),
  );
  const verdict = worst(judged.map((call) => call.verdict));
  return {
    expected: brokeOff
      ? `an answer that breaks off like that of ${calls.upstream}, or an error`
      : `the answer of ${calls.upstream} as it is, with ${status}`,
    observed: judged.map(({ text }) => text).join(', ') || 'no call',
    verdict,
    ...(verdict === 'FAIL' && { usually: brokeOff ? ENDED : CHANGED }),
  };
}

/** Returns the hash of the body that a caller got, which the script notes. */
const bodyOf = (history: History, { phase }: FailingCalls, index: number): string | undefined =>
  history.metricIn('failing_bodies', phase)[index]?.tags.body;

/** Whether a caller got the body that the upstream sent last. */
export const isSameBody = (history: History, calls: FailingCalls): boolean => {
  const sent = calls.met.at(-1)?.body;
  return sent !== undefined && calls.failing.every((_, index) => bodyOf(history, calls, index) === sent);
};

interface Call {
  readonly text: string;
  readonly verdict: Verdict;
}

function ofBrokenOff({ is, text }: Outcome): Call {
  if (is === 'unknown' || is === 'unanswered') return { text, verdict: 'INCONCLUSIVE' };
  if (is === 'served') return { text: 'the caller got a part that looks complete', verdict: 'FAIL' };
  return { text, verdict: 'PASS' };
}

function ofWhole({ is, status, text }: Outcome, sent: RequestReceipt, body: string | undefined): Call {
  if (is === 'unknown' || is === 'unanswered') return { text, verdict: 'INCONCLUSIVE' };
  if (is === 'aborted' || status !== sent.status) return { text, verdict: 'FAIL' };
  if (sent.body === undefined || body === undefined)
    return { text: 'a body that was not compared', verdict: 'INCONCLUSIVE' };
  return body === sent.body
    ? { text: `the caller got ${status} with the body that was sent`, verdict: 'PASS' }
    : { text: `the caller got ${status} with another body than was sent`, verdict: 'FAIL' };
}
