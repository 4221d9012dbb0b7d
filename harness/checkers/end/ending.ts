import type { ActionName, ActionPhase } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { RequestSample, ServiceEvent } from '../../history/events.ts';
import { type History, isWithin, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Case, type Facts, planned } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';

/** The phases in which the service gets SIGTERM during calls that never end, with and without endless streams. */
export const HANGING = ['calls hang at SIGTERM', 'calls and streams hang at SIGTERM'] as const satisfies ActionName[];

/** A phase in which the service gets SIGTERM: during ordinary calls, streams, or calls that never end. */
export type EndPhase = PhaseEntry<ActionPhase<'terminated' | 'streams at SIGTERM' | (typeof HANGING)[number]>>;

/** How long before SIGTERM a request must be sent, so that the service has certainly received it, in milliseconds. */
export const RECEIVED_MS = 100;
/**
 * How long a service may continue as before after SIGTERM, in milliseconds. Some services check for signals only from
 * time to time.
 */
export const NOTICED_MS = 500;

/** k6's `error_code` for a dial that timed out or was refused. */
const NOT_CONNECTED = ['1211', '1212'];

type Judged = Pick<Finding, 'observed' | 'verdict' | 'evidence' | 'usually'>;

/** The end of a process on SIGTERM. */
export interface Ending {
  phase: EndPhase;
  /** The signal that the lab sent, and when. */
  signal: string;
  at: number;
  /** When the service must have noticed. */
  noticed: number;
  /** The exit, or undefined if there was none. */
  exit: ServiceEvent | undefined;
}

/** Returns the phases in which the service gets SIGTERM during ordinary calls. */
export const duringCalls = (history: History): EndPhase[] => history.phases('terminated').filter(isAsked);

/** Whether a signal asks a service to end. SIGKILL does not ask. */
export const isAsked = ({ signal }: { readonly signal: string }): boolean => signal !== 'SIGKILL';

/** The signal that asks the service to end. */
export const signalOf = ({ contract }: Pick<Facts, 'contract'>): string => contract.termination?.signal ?? 'SIGTERM';

/** Returns the phases in which the service gets SIGTERM during calls that never end. */
export const duringHangingCalls = (history: History): EndPhase[] =>
  HANGING.flatMap((action): EndPhase[] => history.phases(action)).sort((a, b) => a.at - b.at);

/**
 * Returns a case for each SIGTERM during ordinary calls, or undefined without a plan.
 *
 * @param fields The fields of `termination` that the check judges.
 */
export const casesOfEnd = (
  facts: Facts,
  { check, fields }: Pick<Case, 'check'> & { fields: readonly string[] },
): Case[] | undefined =>
  planned(facts, 'terminated')
    ?.filter(isAsked)
    .map(() => ({ check, promises: ofTermination(facts, fields) }));

/** Returns the places of some fields of `termination`, if the contract promises them. */
export function ofTermination({ contract: { termination } }: Facts, fields: readonly string[]): PromisePath[] {
  const promised = Object.entries(termination ?? {}).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  return fields.filter((field) => promised.includes(field)).map((field) => ['termination', field]);
}

/** Why a contract has no case for checks of the end. */
export const NO_TERMINATION = 'the contract does not say how the service ends (termination)';

/** Returns how the service ended in a phase, or undefined if it got no SIGTERM. */
export function endingIn(history: History, phase: EndPhase): Ending | undefined {
  const events = history.all('service').filter(({ process }) => process === undefined);
  const signalled = events.find((event) => event.event === 'signalled' && isWithin(event, phase));
  if (!signalled) return undefined;
  const { at, signal } = signalled;
  const exit = events.find((event) => event.event === 'exited' && event.at >= at);
  return { phase, signal: signal ?? 'SIGTERM', at, noticed: at + NOTICED_MS, exit };
}

/**
 * Judges a promise about the end of the service during ordinary calls. Returns no finding if there was none.
 *
 * @param about The purpose of the requests that are judged.
 */
export function judgeEnd(
  history: History,
  { about, ...judged }: Pick<Finding, 'check' | 'expected'> & { about: string },
  judge: (ending: Ending) => Judged,
): Finding[] {
  return duringCalls(history).map((phase) => {
    const finding = { ...judged, requests: tagsIn(phase, { about }) };
    const ending = endingIn(history, phase);
    if (!ending) return { ...finding, observed: 'the service got no signal', verdict: 'INCONCLUSIVE' };
    return { ...finding, ...judge(ending) };
  });
}

/**
 * Judges a promise about new requests in the same way, and also during calls that never end, because these keep the
 * process for longer. The process may also end them at once. Therefore, only a failure counts there.
 */
export function judgeNewRequests(...[history, judged, judge]: Parameters<typeof judgeEnd>): Finding[] {
  const phases = duringHangingCalls(history);
  const endings = phases.flatMap((phase) => endingIn(history, phase) ?? []);
  const hanging = endings.map(judge).find(({ verdict }) => verdict === 'FAIL');
  return judgeEnd(history, judged, judge).map((finding) =>
    !hanging || finding.verdict === 'FAIL'
      ? finding
      : {
          ...finding,
          ...hanging,
          observed: `during calls that hang: ${hanging.observed}`,
          requests: tagsIn(phases, { about: judged.about }),
        },
  );
}

/** k6's `error_code` for a connection that was reset, and for errors without a code of their own. */
const [RESET, OTHER] = [['1220', '1201'], '1000'];

/**
 * Whether the connection of a request ended without a response. This is evidence only of requests that were in progress
 * for a while: a server may close an idle connection at the moment when a request is sent on it.
 */
export const isBrokenOff = ({ status, tags: { error_code: code = '', error } }: RequestSample): boolean =>
  status === 0 && (RESET.includes(code) || (code === OTHER && error === 'EOF'));

/** Returns the requests with this purpose that the service had received but not answered at SIGTERM. */
export const inProgress = (history: History, { phase, at }: Ending, about: string): RequestSample[] =>
  history
    .sentIn(phase, { about })
    .filter((call) => tells(call) || isBrokenOff(call))
    .filter((call) => call.at <= at - RECEIVED_MS && answered(call) > at);

/** How a new request of an ending service was treated: `dropped` if it was accepted but got no response. */
export type Treatment = 'refused' | 'answered' | 'dropped';

/** Returns how the service treated a request, or undefined if its outcome tells nothing about the service. */
export function treatmentOf(request: RequestSample): Treatment | undefined {
  if (!tells(request)) return undefined;
  if (request.status !== 0) return request.status === 503 ? 'refused' : 'answered';
  return NOT_CONNECTED.includes(request.tags.error_code ?? '') ? 'refused' : 'dropped';
}

/** Whether a request was sent while the process was running. */
export const isBeforeExit = ({ exit }: Ending, { at }: RequestSample): boolean =>
  at < (exit?.at ?? Number.POSITIVE_INFINITY);

/** The duration from the signal to a time, such as "0.20 s after SIGTERM". */
export const after = ({ at, signal }: Ending, time: number): string =>
  `${Math.max(0, (time - at) / 1_000).toFixed(2)} s after ${signal}`;
