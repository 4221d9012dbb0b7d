import { earlierPhases } from '../../contract/phases.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History, PhaseEntry, Phases } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Breaker } from './checker.ts';

/** The share of a time window within which all calls in a row must end, because libraries expire calls in steps. */
const SHARE = 0.5;

/**
 * Returns the finding about consecutive failures, or INCONCLUSIVE if the breaker was not in the state in which exactly
 * these failures open it. A breaker that opens by rate first needs the right number of successes: in the phases that
 * primed the phase of the failures, which are `filled` if it has a window of calls, otherwise `ready`. All calls must
 * fall within half of its time window.
 */
export function ifPrimed(history: History, breaker: Breaker, finding: Finding, { phase }: { phase: Phases }): Finding {
  const why = [phase]
    .flat()
    .map((entry) => whyNotPrimed(history, breaker, entry))
    .find((reason) => reason !== undefined);
  if (why === undefined) return finding;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), why] };
}

function whyNotPrimed(history: History, { opening, upstream }: Breaker, phase: PhaseEntry): string | undefined {
  if (opening.alone === undefined) return undefined;
  const { successes, windowSeconds } = opening;
  const options: Priming = { upstream, action: windowSeconds === undefined ? 'filled' : 'ready' };
  const given = primingOf(history, phase, options);
  const isFull = windowSeconds === undefined && given.length > successes;
  if (given.length !== successes && !isFull) {
    return `${given.length} calls reached ${upstream} before, instead of ${successes}`;
  }
  return whyTooLong(windowSeconds, [...given, ...history.receiptsIn(phase, upstream)]);
}

interface Priming {
  readonly upstream: string;
  readonly action: 'filled' | 'ready';
}

/** Returns the requests of the phases that brought the breaker of some phases into a known state. */
export function primingOf(history: History, phases: Phases, { upstream, action }: Priming): RequestReceipt[] {
  const primed = [phases].flat().flatMap(earlierPhases);
  const entries = history.phases(action).filter(({ id }) => primed.includes(id));
  return history.receiptsIn(entries, upstream);
}

/** Returns why some of these requests may have expired from a time window, or undefined if none has. */
export function whyTooLong(windowSeconds: number | undefined, receipts: readonly RequestReceipt[]): string | undefined {
  if (windowSeconds === undefined) return undefined;
  const first = Math.min(...receipts.map(({ at }) => at));
  const last = Math.max(...receipts.map(({ at, endedAt }) => endedAt ?? at));
  const seconds = (last - first) / 1_000;
  if (!(seconds > windowSeconds * SHARE)) return undefined;
  return `the calls took ${seconds.toFixed(1)} s, more than half of the window of ${windowSeconds} s`;
}
