import type { Action, Phase } from '../../contract/phase.ts';
import type { PhaseEvent, RequestSample, ServiceEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answered } from '../lib/request-times.ts';

/** The phases in which the service is told to end: during ordinary calls, streams, and calls that never end. */
export const DURING_CALLS: Action = 'terminated by SIGTERM';
export const DURING_STREAMS: Action = 'streams at SIGTERM';
export const DURING_HANGING_CALLS: Action = 'calls hang at SIGTERM';
/** The phases in which new requests begin while the service ends. */
export const WITH_NEW_REQUESTS: readonly Action[] = [DURING_CALLS, DURING_HANGING_CALLS];

/** How long before SIGTERM a request must be sent, so that the service has certainly received it, in milliseconds. */
const RECEIVED_MS = 100;
/** How long after SIGTERM a service may go on as before, in milliseconds. Some look for signals only now and then. */
export const NOTICED_MS = 500;

/** k6's `error_code` for a dial that timed out or was refused. */
const NOT_CONNECTED = ['1211', '1212'];

type Judged = Pick<Finding, 'observed' | 'verdict' | 'evidence'>;

/** The end of a process on SIGTERM. */
export interface Ending {
  phase: Phase;
  /** When the phase began. */
  began: number;
  /** When the lab sent SIGTERM. */
  at: number;
  /** When the service must have noticed. */
  noticed: number;
  /** The exit, or undefined if there was none. */
  exit: ServiceEvent | undefined;
}

/** Returns how the service ended in a phase, or undefined if it was not told to. */
export function endingIn(history: History, { name: phase, at: began }: PhaseEvent): Ending | undefined {
  const events = history.all('service').filter(({ at, process }) => at >= began && process === undefined);
  const signalled = events.find(({ event }) => event === 'signalled');
  if (!signalled) return undefined;
  const { at } = signalled;
  const exit = events.find((one) => one.event === 'exited' && one.at >= at);
  return { phase, began, at, noticed: at + NOTICED_MS, exit };
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
  const phase = history.phase(DURING_CALLS);
  if (!phase) return [];
  const finding = { ...judged, requests: [{ phase: DURING_CALLS, about }] };
  const ending = endingIn(history, phase);
  if (!ending) return [{ ...finding, observed: 'the service was not told to end', verdict: 'INCONCLUSIVE' }];
  return [{ ...finding, ...judge(ending) }];
}

/**
 * Judges a promise about new requests in the same way, and also during calls that never end, because these keep the
 * process for longer. The process may also end them at once. Therefore, only a failure counts there.
 */
export function judgeNewRequests(...[history, judged, judge]: Parameters<typeof judgeEnd>): Finding[] {
  const phase = history.phase(DURING_HANGING_CALLS);
  const ending = phase && endingIn(history, phase);
  const hanging = ending && judge(ending);
  return judgeEnd(history, judged, judge).map((finding) =>
    hanging?.verdict !== 'FAIL' || finding.verdict === 'FAIL'
      ? finding
      : {
          ...finding,
          ...hanging,
          observed: `during calls that hang: ${hanging.observed}`,
          requests: [{ phase: DURING_HANGING_CALLS, about: judged.about }],
        },
  );
}

/** Returns the requests with this purpose that the service had received and not answered when it was told to end. */
export const inProgress = (history: History, { phase, at }: Ending, about: string): RequestSample[] =>
  history.requests({ phase, about }).filter((call) => call.at <= at - RECEIVED_MS && answered(call) > at);

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

/** The duration from SIGTERM to a time, in seconds. */
export const after = ({ at }: Ending, time: number): string => `${Math.max(0, (time - at) / 1_000).toFixed(2)} s`;
