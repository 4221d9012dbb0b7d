import { z } from 'zod';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { type ContractFile, contractSchema, numbersOf, promises } from '../../../../harness/contract/contract.ts';
import { registeredFaults } from '../../../../harness/contract/registered-faults.ts';
import type { HistoryEvent, RequestSample } from '../../../../harness/history/events.ts';
import assistant from '../../../defects/upstreams/assistant.ts';
import { begun, receipt, request, SILENCE, T0, UNPLANNED } from '../../../support/history.ts';

/** Facts about a service whose endpoint `ask` ends its call to `llm` within a second after the caller has left. */
export function factsOf(changed: Partial<ContractFile> = {}): Facts {
  const contract = contractSchema.parse({ ...assistant, ...changed });
  return {
    contract: z.object(promises.shape).parse(contract),
    numbers: numbersOf(contract, 'fast'),
    faults: registeredFaults(),
    noise: SILENCE,
    proof: UNPLANNED,
  };
}

/** Facts about the same service, if it calls `backup` when `llm` fails. */
export function factsWithFallback(order = ['llm', 'backup']): Facts {
  const { ask } = assistant.endpoints;
  return factsOf({
    upstreams: { ...assistant.upstreams, backup: { kind: 'openai' }, spare: { kind: 'openai' } },
    endpoints: { ...assistant.endpoints, ask: { ...ask, fallback: order } },
  });
}

/** A request whose caller left after `ms` milliseconds, in the phase with this ID. */
export const leaver = (after: number, ms: number, of: string): RequestSample =>
  request(after, ms, 0, { phase: of, about: 'leaver', endpoint: 'ask', error_code: '1050', error: 'request timeout' });

/** A request that arrived at the upstream and ended there after `ms` milliseconds, or never if it is null. */
export const arrival = (seq: number, after: number, ms: number | null): HistoryEvent => ({
  ...receipt(seq, after, 0, 'llm', ['f1:latency']),
  status: null,
  outcome: ms === null ? 'open' : 'client-gone',
  endedAt: ms === null ? null : T0 + after + ms,
});

export interface Left {
  /** How long the upstream call of the caller who stayed lasts, in milliseconds. */
  kept?: number | null;
  /** How long each call of a caller who left lasts. The callers leave 1,000 ms after the calls arrived. */
  ended?: (number | null)[];
  /** When further calls arrive, in milliseconds after the callers have left. */
  begun?: number[];
  /** When calls to `backup` arrive, in milliseconds after the callers have left. */
  moved?: number[];
  /** How many more callers leave without a call to the upstream. */
  waiting?: number;
  /** How many calls fail before the next calls. */
  failed?: number;
  /** The statuses of the next calls, and how many of them reach the upstream. */
  next?: number[];
  reached?: number;
  /** The same for the second time. */
  nextAgain?: number[];
  reachedAgain?: number;
}

const AT = 10_000;
/** The call that the callers leave. */
const PATH = { endpoint: 'ask', upstream: 'llm' };

/** In the phases `left` (1) and `left again` (4), twenty callers leave after a second. The next calls are in 3 and 6. */
export function history({
  kept = 3_000,
  ended = Array(20).fill(1_010),
  begun: later = [],
  moved = [],
  waiting = 0,
  failed = 0,
  ...after
}: Left): HistoryEvent[] {
  const { next = [200, 200, 200], reached = next.length } = after;
  const { nextAgain = next, reachedAgain = nextAgain.length } = after;
  let seq = 1;
  const nextSeq = () => {
    seq += 1;
    return seq;
  };
  const round = (id: number, from: number, calls: number[], arrived: number): HistoryEvent[] => [
    begun(id, { action: id === 1 ? 'left' : 'left again', ...PATH }, from, seq),
    ...ended.flatMap((ms) => [leaver(from, 1_020, String(id)), arrival(nextSeq(), from + 20, ms)]),
    ...Array.from({ length: waiting }, () => leaver(from, 1_020, String(id))),
    ...later.map((ms) => arrival(nextSeq(), from + 1_020 + ms, 5)),
    ...moved.map((ms) => receipt(nextSeq(), from + 1_020 + ms, 5, 'backup')),
    begun(id + 1, { when: 'failed after', of: id }, from + 2_400, seq),
    ...Array.from({ length: failed }, () => receipt(nextSeq(), from + 2_410, 5, 'llm', ['f2:status'])),
    begun(id + 2, { when: 'after', of: id }, from + 2_500, seq),
    ...calls.map((status) => request(from + 2_510, 20, status, { phase: String(id + 2), endpoint: 'ask' })),
    ...Array.from({ length: arrived }, () => receipt(nextSeq(), from + 2_515, 5, 'llm')),
  ];
  return [
    begun(7, { action: 'stays', ...PATH }, 0, 0),
    arrival(1, 10, kept),
    ...round(1, AT, next, reached),
    ...round(4, 2 * AT, nextAgain, reachedAgain),
  ];
}
