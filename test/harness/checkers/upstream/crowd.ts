import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent, RequestReceipt } from '../../../../harness/history/events.ts';
import { begun, facts, receipt, request, T0 } from '../../../support/history.ts';

/** Facts about a contract that promises this about calls to `groq`. */
export function factsAbout(promised: Partial<Facts['contract']['upstreams'][string]>): Facts {
  const { contract, ...rest } = facts();
  return { ...rest, contract: { ...contract, upstreams: { ...contract.upstreams, groq: promised } } };
}

export interface Crowd {
  /** How long each caller waits for its answer, in milliseconds. */
  callers?: readonly number[];
  /** When each call to the upstream begins and ends, in milliseconds. */
  calls?: readonly (readonly [from: number, until: number])[];
  /** When the upstream lets the calls go, in milliseconds. */
  healed?: number;
  action?: 'crowd' | 'crowd after failures' | 'crowd of streams';
}

/** Six callers at once, of whom two get a turn at the upstream, and the others are refused after a second. */
export function crowd({ callers = CALLERS, calls = CALLS, healed = 3_000, action = 'crowd' }: Crowd): HistoryEvent[] {
  return [
    begun(1, { action, upstream: 'groq' }, 0, 0),
    ...callers.map((ms) => request(10, ms, ms < 2_000 ? 503 : 200, { phase: '1' })),
    ...calls.map(([from, until], index) => receipt(index + 1, from, until - from, 'groq', ['f1:latency'])),
    { type: 'fault', at: T0 + healed, upstream: 'groq', asked: { healed: 'all' } },
    begun(2, { action: 'steady again' }, 9_000, calls.length),
    receipt(calls.length + 1, 9_010, 5_000, 'groq'),
    receipt(calls.length + 2, 9_020, 5_000, 'groq'),
    receipt(calls.length + 3, 9_030, 5_000, 'groq'),
  ];
}

const CALLERS = [3_010, 3_010, 1_010, 1_010, 1_010, 1_010];
const CALLS = [
  [20, 3_005],
  [25, 3_005],
] as const;

export const on = (connection: number | undefined, seq: number): RequestReceipt => ({
  ...receipt(seq, seq * 10, 5, 'groq'),
  ...(connection !== undefined && { connection }),
});
