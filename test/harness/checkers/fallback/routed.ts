import { z } from 'zod';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { contractSchema, numbersOf, promises } from '../../../../harness/contract/contract.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import { registeredFaults } from '../../../../harness/contract/registered-faults.ts';
import type { HistoryEvent, RequestReceipt } from '../../../../harness/history/events.ts';
import router from '../../../defects/upstreams/router.ts';
import { begun, receipt, request, SILENCE, T0, UNPLANNED } from '../../../support/history.ts';

type Fallback = (typeof router.endpoints.chat)['fallback'];

interface Promised {
  breakers?: boolean;
  /** Changes the numbers of the breaker. */
  numbers?: object;
  /** Changes the description of the breaker. */
  breaker?: object;
  /** How many requests a call sends to `llm` if it keeps failing. */
  attempts?: number;
}

/**
 * Facts about a service whose endpoint `chat` calls `backup` if `llm` fails. The breaker of `llm` opens after 3
 * failures for 1 s. There is also one of `backup`.
 */
export function factsOf(
  changed: Partial<Fallback> & { returnsWithinSeconds?: number } = {},
  { breakers = true, numbers = FIRST, breaker = {}, attempts = 1 }: Promised = {},
): Facts {
  const { chat } = router.endpoints;
  const endpoints = { ...router.endpoints, chat: { ...chat, fallback: { ...chat.fallback, ...changed } } };
  const upstreams = { ...router.upstreams, llm: { ...router.upstreams.llm, calls: { attempts } } };
  const { llm } = router.breakers;
  const contract = contractSchema.parse({
    ...router,
    endpoints,
    upstreams,
    breakers: { second: { ...llm, upstream: 'backup' }, llm: { ...llm, ...breaker } },
    profiles: { fast: { breakers: { second: FIRST, llm: numbers } } },
    ...(!breakers && NO_BREAKERS),
  });
  return {
    contract: z.object(promises.shape).parse(contract),
    numbers: numbersOf(contract, 'fast'),
    faults: registeredFaults(),
    noise: SILENCE,
    proof: UNPLANNED,
  };
}

const FIRST = router.profiles.fast.breakers.llm;
const NO_BREAKERS = { breakers: {}, profiles: { fast: {} } };

/** The numbers of a breaker that opens if half of the last 6 calls have failed: after 3 successes, at 3 failures. */
export const RATED = { opens: { rate: 0.5, window: { calls: 6 }, minimum: 6 }, recoverySeconds: 1 };

/** An upstream that is called after so many milliseconds, with or without a fault. */
export type Arrival = readonly [upstream: string, after: number, isBroken?: boolean];

/** A phase with its calls and the requests that arrive. Receipts are numbered from `seq`. */
export interface Phased {
  id?: number;
  data: PhaseData;
  from: number;
  seq?: number;
  about?: 'failing' | 'again';
  statuses?: readonly number[];
  arrivals: readonly Arrival[];
}

export function phased({
  id = 1,
  data,
  from,
  seq = 0,
  about = 'failing',
  statuses = [200],
  arrivals,
}: Phased): HistoryEvent[] {
  return [
    begun(id, data, from, seq),
    ...statuses.map((status, index) =>
      request(from + 10 + index * 20, 15, status, { phase: String(id), about, endpoint: 'chat' }),
    ),
    ...arrivals.map(
      ([upstream, after, isBroken = false], index): RequestReceipt =>
        receipt(seq + index + 1, from + after, 3, upstream, isBroken ? ['f1:status'] : []),
    ),
  ];
}

/** A call to `chat` while `llm` fails with this fault, which the other upstreams must serve. */
export const fallbackFrom = (fault: string, failing: readonly string[] = ['llm'], endpoint = 'chat') =>
  ({ action: 'fallback', fault, failing, endpoint }) as const;

/** A call to `chat` while `llm` fails with 422, which no other upstream may serve. */
export const NO_FALLBACK = { action: 'no fallback', fault: '422', failing: ['llm'], endpoint: 'chat' } as const;

/** A long outage of `llm`. */
export const OUTAGE = { action: 'fallback outage', endpoint: 'chat' } as const;

export const heal = (after: number, upstream = 'llm'): HistoryEvent => ({
  type: 'fault',
  at: T0 + after,
  upstream,
  asked: { healed: 'all' },
});
