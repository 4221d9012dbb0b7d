import type { ActionPhase } from '../../contract/phases.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { type Cancelled, cancelledCalls, leaversIn, nextUpstreamsOf, promiseOf } from '../lib/abandoned.ts';
import { type BuiltInChecker, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { CLOCKS_MS, EARLY_MS } from '../lib/tolerances.ts';

/**
 * Checks that a failed request is not sent again if its caller leaves while the service waits before the next attempt.
 * No further attempt may begin, or be in progress, later than the promised time after the caller left, neither at this
 * upstream nor at the next one of a fallback.
 *
 * The request of a caller who stays must be sent again later than that. Otherwise, nothing is proved.
 */
export const abandonedCallsNotRepeated: BuiltInChecker = {
  name: 'abandoned-calls-not-repeated',
  timed: true,
  restsOn: ['steady-state', 'abandoned-calls-end'],
  usually:
    'The wait between two attempts continues when the caller leaves, only the first attempt gets the abort signal, or a cancelled attempt is treated as a failed one.',
  fix: 'Pass one signal of the caller to every attempt and to the wait between them: `setTimeout(ms, undefined, { signal })` of node:timers/promises, and `signal.throwIfAborted()` before each attempt. In Python, let `CancelledError` pass through the code that retries calls.',
  cases: (facts) =>
    planned(facts, 'left before a retry')?.map((phase) => ({
      check: checkOf(phase),
      promises: [promiseOf(phase.endpoint)],
    })),
  without:
    'no endpoint with `cancels` reaches an upstream whose calls are retried after a status and a wait in which callers can leave (upstreams.NAME.calls)',
  judge: (history, facts) =>
    cancelledCalls(facts).flatMap(({ endpoint, upstream, withinSeconds }) =>
      history
        .phases('left before a retry', { endpoint, upstream })
        .map((phase) => judge(history, facts, { endpoint, upstream, withinSeconds, phase })),
    ),
};

const checkOf = ({ endpoint, upstream }: Pick<Cancelled, 'endpoint' | 'upstream'>): string =>
  `sends no retries for callers who left: ${endpoint} at ${upstream}`;

/** A call whose caller leaves in a phase. */
interface Left extends Cancelled {
  phase: PhaseEntry<ActionPhase<'left before a retry'>>;
}

function judge(history: History, facts: Facts, cancelled: Left): Finding {
  const { upstream, withinSeconds, phase } = cancelled;
  const judged = {
    check: checkOf(cancelled),
    requests: tagsIn(phase),
    expected: `no retry more than ${withinSeconds} s after its caller left`,
  };
  const [sent, ...repeated] = history.receiptsIn(phase, upstream);
  const left = lastAnswered(leaversIn(history, phase));
  if (!sent || !(sent.at < left)) {
    return { ...judged, observed: `no caller left after a call to ${upstream}`, verdict: 'INCONCLUSIVE' };
  }
  const within = withinSeconds * 1_000;
  const tolerance = EARLY_MS + CLOCKS_MS;
  const limit = within + tolerance;
  const noise = noiseOf(history, facts)(left, left + limit);
  const moved = nextUpstreamsOf(facts, cancelled).flatMap((next) => history.receiptsIn(phase, next));
  const attempts = [...repeated, ...moved];
  const endOf = ({ endedAt }: RequestReceipt) => (endedAt ?? Number.POSITIVE_INFINITY) - left;
  const verdict = worst(['PASS', ...attempts.map((attempt) => judgeExcess(endOf(attempt), limit, noise))]);
  const later = attempts.filter((attempt) => endOf(attempt) > limit);
  const observed = later.length === 0 ? 'none' : later.map((attempt) => describe(attempt, left)).join(', ');
  const longest = Math.max(0, ...attempts.map(endOf));
  const evidence = Number.isFinite(longest)
    ? whatIsLeft('measured: too late by', longest - within, tolerance, noise)
    : [];
  const why = verdict === 'PASS' ? whyUnproved(history, cancelled, left - sent.at + limit) : undefined;
  if (why !== undefined) return { ...judged, observed, verdict: 'INCONCLUSIVE', evidence: [...evidence, why] };
  return withEvidence({ ...judged, observed, verdict }, evidence);
}

const describe = ({ at, upstream }: RequestReceipt, left: number): string =>
  `a retry to ${upstream} began ${(Math.max(0, at - left) / 1_000).toFixed(2)} s after the caller left`;

/** Returns why retries may have ended this long after the first attempt although no caller left, or undefined. */
function whyUnproved(history: History, { endpoint, upstream, phase }: Left, ms: number): string | undefined {
  const stays = history.phases('stays for a retry', { endpoint, upstream }).findLast(({ at }) => at < phase.at);
  const [sent, again] = history.receiptsIn(stays ?? [], upstream);
  if (!sent || !again) return 'the request of a caller who stayed was not retried';
  const repeatedMs = again.at - sent.at;
  if (repeatedMs > ms) return undefined;
  return `the request of a caller who stayed was retried after ${(repeatedMs / 1_000).toFixed(2)} s: too soon to tell`;
}
