import { effectOf, type KnownFaults } from '../../contract/known-faults.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { faultNamed, keyAt } from '../../contract/schema/on-fault.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Facts, isOnPort } from '../lib/checker.ts';
import { firstSent } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';

/** The subject of a phase in which a call reaches a failing upstream. */
export type FailingPhase = PlannedAction<'failing'>;

/** A phase in which a call reaches a failing upstream, followed by a call that reaches the healed upstream. */
export interface FailingCalls extends Omit<FailingPhase, 'action'> {
  readonly phase: PhaseEntry<ActionPhase<'failing'>>;
  /** The calls that were made while the fault acted. */
  readonly failing: readonly RequestSample[];
  /** The calls that were made once the upstream was healed. */
  readonly again: readonly RequestSample[];
  /** The requests that reached the upstream. */
  readonly reached: readonly RequestReceipt[];
  /** Those on which the fault acted. */
  readonly met: readonly RequestReceipt[];
  /** Whether the fault acted on the calls. */
  readonly isFelt: boolean;
}

/** Whether a call waits while this fault acts, so that it is not known for how long unless the contract promises it. */
export const isWaiting = (fault: string, known: KnownFaults): boolean => effectOf(faultNamed(fault), known) === 'waits';

/** Returns where a contract promises the answer while this fault acts. */
export const onFaultOf = (
  { contract }: Pick<Facts, 'contract'>,
  { endpoint, fault, upstream }: Omit<FailingPhase, 'action'>,
): PromisePath => [
  'endpoints',
  endpoint,
  'onFault',
  keyAt(contract.endpoints[endpoint]?.onFault ?? {}, fault, upstream),
];

/** Returns why these calls prove nothing, or undefined if the fault acted on them. */
export const whyNotFelt = ({ isFelt, upstream }: FailingCalls): string | undefined =>
  isFelt ? undefined : `the fault acted on no request to ${upstream}`;

/** Whether a stream that met the fault told its caller of an error. */
export const isReportedIn = (history: History, phase: FailingCalls['phase']): boolean =>
  history.metricIn('errors_in_streams', phase).some(({ tags }) => tags.about !== 'again');

/** Returns the phases that `failOnce` in scenarios/lib/failing-call.ts makes, in order. */
export const failingCalls = (history: History, facts: Pick<Facts, 'faults'>): FailingCalls[] =>
  history.phases('failing').map((phase) => {
    const { upstream, fault, endpoint } = phase;
    const failing = history.sentIn(phase, { about: 'failing' });
    const again = history.sentIn(phase, { about: 'again' });
    const reached = history.receiptsIn(phase, upstream);
    const met = reached.filter(({ faults }) => faults.length > 0);
    const healed = firstSent(again) - CLOCKS_MS;
    // A refused connection leaves no receipt, but the call to the healed upstream does.
    const isRefused = isOnPort(fault, facts) && reached.length > 0 && reached.every(({ at }) => at >= healed);
    return { phase, upstream, fault, endpoint, failing, again, reached, met, isFelt: met.length > 0 || isRefused };
  });
