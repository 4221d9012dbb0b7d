import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { PlannedAction } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent, RequestReceipt } from '../../../../harness/history/events.ts';
import { type PromisedQuota, promisedQuota } from '../../../../mocks/promised-quota.ts';
import { begun, receipt, request } from '../../../support/history.ts';
import { factsAbout } from './crowd.ts';

/** Facts about a quota of `groq`, and the phases of the scenario. */
export function quotaFacts(promised: Parameters<typeof promisedQuota.parse>[0], ...plan: PlannedAction[]): Facts {
  const quota: PromisedQuota = promisedQuota.parse(promised);
  return { ...factsAbout({ quota }), proof: { conditions: [], beside: [], plan } };
}

/** When a request arrives, in milliseconds, and the tokens of its prompt and its answer. */
export type Arrival = readonly [after: number, input?: number, output?: number];

export interface Pressure {
  readonly action?: 'beyond the quota' | 'beyond the quota of tokens';
  readonly arrived: readonly Arrival[];
  /** Statuses of calls, all made at once. Defaults to 200 for each request, and as many with 429. */
  readonly calls?: readonly number[];
  /** How long calls take, in milliseconds. */
  readonly ms?: number;
}

/** Callers who press against a quota. */
export function pressure({ action = 'beyond the quota', arrived, calls, ms = 20 }: Pressure): HistoryEvent[] {
  const statuses = calls ?? arrived.flatMap(() => [200, 429]);
  return [
    begun(1, { action, upstream: 'groq' }, 0, 0),
    ...statuses.map((status) => request(5, ms, status, { phase: '1', endpoint: 'health' })),
    ...arrived.map(([after, input = 0, output = 0], index): RequestReceipt => {
      const arrival = receipt(index + 1, after, 5, 'groq');
      return input + output > 0 ? { ...arrival, usage: [input, output] } : arrival;
    }),
    begun(2, { action: 'steady again' }, 9_000, arrived.length),
  ];
}
