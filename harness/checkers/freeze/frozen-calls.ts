import { count } from '../../base/in-words.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { FreezeEvent, RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Facts, planned } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';

/** Calls that were in progress at an upstream when the service was stopped, and the calls after it. */
export interface FrozenCalls {
  readonly phases: readonly PhaseEntry<ActionPhase<'held for a freeze'>>[];
  readonly calls: readonly RequestSample[];
  /** The requests that the upstream answered while the service was stopped. */
  readonly waiting: readonly RequestReceipt[];
  readonly after: readonly PhaseEntry[];
}

/** The reason why a freeze is not judged in some contracts. */
export const NO_FREEZE = 'the contract does not promise that the service may be stopped for a moment (frozen)';

type Held = PlannedAction<'held for a freeze'>;

/** Returns the planned calls that are in progress during a freeze, or undefined if the scenario has no plan. */
export const heldIn = (facts: Facts): Held[] | undefined => planned(facts, 'held for a freeze');

/** Returns the freeze, or undefined if it is not certain that the service was stopped. */
export const freezeIn = (history: History): FreezeEvent | undefined =>
  history.all('freeze').find(({ problem }) => problem === undefined);

/** Returns the recorded calls to an endpoint during the freeze, and the calls after it. */
export function frozenCalls(
  history: History,
  { endpoint, upstream }: Pick<Held, 'endpoint' | 'upstream'>,
): FrozenCalls {
  const phases = history.phases('held for a freeze', { endpoint, upstream });
  const freeze = freezeIn(history);
  return {
    phases,
    calls: history.requestsIn(phases),
    waiting: history.receiptsIn(phases, upstream).filter((receipt) => freeze && isWaiting(receipt, freeze)),
    after: history.related('after', phases),
  };
}

/** Whether a request was in progress when the service was stopped, and was answered before the service continued. */
const isWaiting = ({ at, endedAt, outcome, faults }: RequestReceipt, freeze: FreezeEvent): boolean =>
  faults.length > 0 &&
  outcome === 'answered' &&
  at < freeze.at &&
  endedAt !== null &&
  endedAt >= freeze.at &&
  endedAt <= freeze.until;

/** Returns the reason why calls can't be judged, or undefined if all of their answers waited for the service. */
export function whyNotFrozen(history: History, { calls, waiting }: FrozenCalls, facts: Facts): string | undefined {
  const [first] = history.all('freeze');
  if (!first) return 'the service was not stopped';
  if (first.problem !== undefined) return first.problem;
  const { seconds = 0 } = facts.contract.frozen ?? {};
  if (first.until - first.at < seconds * 1_000 - CLOCKS_MS) return `it was stopped for less than ${seconds} s`;
  const [from, until] = [first.at + CLOCKS_MS, first.until - CLOCKS_MS];
  // The upstream may take such a call for answered if it reads of its end only during the freeze.
  const before = calls.filter((call) => answered(call) <= from);
  if (before.length > 0) return `${count(before.length, 'call')} ended before it was stopped`;
  const early = calls.filter((call) => answered(call) < until);
  if (early.length > 0)
    return `${count(early.length, 'call')} ended while it was stopped: a process that the lab did not start serves them`;
  if (calls.length === 0) return 'no call was in progress';
  if (waiting.length >= calls.length) return undefined;
  return `only ${waiting.length} of ${count(calls.length, 'call')} waited for the upstream, and got its answer, while it was stopped`;
}
