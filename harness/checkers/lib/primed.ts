import type { Action } from '../../contract/phase.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Breaker } from './checker.ts';

/** The share of a time window within which all calls in a row must end, because libraries expire calls in steps. */
const SHARE = 0.5;

/**
 * Returns the finding about a row of failures, or INCONCLUSIVE if the breaker was not in the state in which exactly
 * these failures open it. A breaker that opens by rate first needs the right number of successes: in the phase "filled
 * for …" if it has a window of calls, otherwise in the phase "ready for …". All calls must fall within half of its time
 * window.
 */
export function ifPrimed(history: History, breaker: Breaker, finding: Finding, { phase, before }: Primed): Finding {
  const why = whyNotPrimed(history, breaker, phase, before);
  if (why === undefined) return finding;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), why] };
}

function whyNotPrimed(
  history: History,
  { opening, upstream }: Breaker,
  phase: Primed['phase'],
  before: Action | undefined,
): string | undefined {
  if (opening.alone === undefined) return undefined;
  const { successes, windowSeconds } = opening;
  const given = primingOf(history, {
    phase,
    ...(before !== undefined && { before }),
    upstream,
    action: windowSeconds === undefined ? 'filled' : 'ready',
  });
  const isFull = windowSeconds === undefined && given.length > successes;
  if (given.length !== successes && !isFull) {
    return `${given.length} calls reached ${upstream} before, instead of ${successes}`;
  }
  return whyTooLong(windowSeconds, [...given, ...history.receiptsIn(phase, upstream)]);
}

/** A phase for which breakers were primed, or its name. */
interface Primed {
  readonly phase: Action | PhaseEntry<ActionPhase>;
  readonly before?: Action;
}

interface Priming extends Primed {
  readonly upstream: string;
  readonly action: 'filled' | 'ready';
}

/** Returns the requests of the phases that brought the breaker of a phase into a known state. */
export function primingOf(history: History, { phase, before, upstream, action }: Priming): RequestReceipt[] {
  if (typeof phase === 'string') {
    const named = history.receiptsIn(`${action} for ${before ?? phase}`, upstream);
    if (named.length > 0) return named;
  }
  const primed = typeof phase === 'string' ? primedIn(history, phase) : phase.primed;
  const phases = history.phases(action).filter(({ id }) => primed?.includes(id));
  return history.receiptsIn(phases, upstream);
}

function primedIn(history: History, phase: Action): readonly number[] | undefined {
  const data = history.all('phase').find(({ name }) => name === phase)?.data;
  return data !== undefined && 'action' in data ? (data as ActionPhase).primed : undefined;
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
