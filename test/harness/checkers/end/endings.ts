import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { ContractFile } from '../../../../harness/contract/contract.ts';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import type { ActionPhase } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent, RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import reference from '../../../../service/proofload.config.ts';
import { begun, facts, request, T0 } from '../../../support/history.ts';

type Termination = NonNullable<ContractFile['termination']>;

/** Facts about a service that promises this about its end, in addition to 5 s of grace and a readiness endpoint. */
export function factsOf(promised: Partial<Termination> | undefined = {}): Facts {
  const termination = { graceSeconds: 5, inFlight: 'finished' as const, ready: 'ready', ...promised };
  return { ...facts(), contract: contractSchema.parse({ ...reference, secrecy: undefined, termination }) };
}

/** Facts about a service that promises nothing about its end. */
export const WITHOUT: Facts = {
  ...facts(),
  contract: contractSchema.parse({ ...reference, secrecy: undefined, termination: undefined }),
};

/** When the lab sends SIGTERM and when the process exits by default, in milliseconds after T0. */
const SIGNAL = 2_000;
const EXIT = 2_700;

export interface Ended {
  phase?: ActionPhase;
  /** Requests by their purpose, each with the time when it was sent, its duration and its status. */
  calls?: Partial<
    Record<'load' | 'new' | 'ready' | 'hanging', [after: number, ms: number, status: number, code?: string][]>
  >;
  signalled?: boolean;
  /** The signal that the lab sent. Defaults to SIGTERM. */
  signal?: string;
  exit?: Partial<Extract<HistoryEvent, { type: 'service' }>> | null;
  /** Events of earlier phases, or of other processes. */
  others?: HistoryEvent[];
  /** When the upstream is delayed, in milliseconds after T0. */
  delayed?: number | null;
  /** How long all calls are delayed, and by how much more a few of them, in milliseconds. */
  delays?: [usual: number, ...more: number[]];
}

/** The service is told to end during calls that hang. */
export const HANGING_CALLS = { action: 'calls hang at SIGTERM' } as const;

export const serviceEvent = (after: number, event: 'signalled' | 'exited', process?: number): HistoryEvent => ({
  type: 'service',
  at: T0 + after,
  event,
  ...(event === 'signalled' ? { signal: 'SIGTERM' } : { code: 1, signal: null }),
  ...(process !== undefined && { process }),
});

/**
 * Events of another end, after the first: the service is told to end during calls that hang, and exits 1 s later. The
 * times of requests are relative to SIGTERM.
 */
export function whileCallsHang(about: 'new' | 'ready', calls: [after: number, status: number][]): HistoryEvent[] {
  const signal = 9_000;
  const tags = { phase: '2', about, endpoint: about === 'ready' ? 'ready' : 'conversation-end' };
  return [
    begun(2, HANGING_CALLS, signal - 500, 0),
    serviceEvent(signal, 'signalled'),
    ...calls.map(([after, status]) => request(signal + after, 1, status, tags)),
    serviceEvent(signal + 1_000, 'exited'),
  ];
}

/** The history of a service that is told to end. The upstream is delayed 1 s before. */
export function historyOf({
  signal = 'SIGTERM',
  phase = { action: 'terminated', signal },
  calls = {},
  signalled = true,
  exit,
  others = [],
  delayed = SIGNAL - 1_000,
  delays = [500],
}: Ended): History {
  const sent = Object.entries(calls).flatMap(([about, of]) =>
    of.map(([after, ms, status, error_code = '1212']): RequestSample => {
      const tags = { phase: '1', about, endpoint: about === 'ready' ? 'ready' : 'conversation-end' };
      return request(after, ms, status, status === 0 ? { ...tags, error: 'a failure', error_code } : tags);
    }),
  );
  return new History([
    ...others,
    begun(1, phase, 0, 0),
    ...(delayed === null
      ? []
      : delays.map((milliseconds, index): HistoryEvent => {
          const fault = { kind: 'latency', milliseconds };
          return { type: 'fault', at: T0 + delayed + index, upstream: 'groq', asked: fault, id: `f${index}` };
        })),
    ...sent,
    ...(signalled ? [{ type: 'service', at: T0 + SIGNAL, event: 'signalled', signal } as const] : []),
    ...(exit === null
      ? []
      : [{ type: 'service', at: T0 + EXIT, event: 'exited', code: 0, signal: null, asked: true, ...exit } as const]),
  ]);
}
