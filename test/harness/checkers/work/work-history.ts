import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import type { Finding } from '../../../../harness/verdict/finding.ts';
import { begun, factsOf, receipt, request, STRAY } from '../../../support/history.ts';

/** An endpoint that stores an order and charges it. Both upstreams get its work within 2 s. */
export const ORDER = {
  method: 'POST' as const,
  path: '/orders',
  served: [201],
  reaches: ['stock', 'bank'],
  finishesLater: { accepted: [202], withinSeconds: 2 },
};

/** The facts about a service with this endpoint. */
export const workFacts = (changed: object = {}, upstreams: object = {}): Facts =>
  factsOf({
    name: 'shop',
    start: { command: ['node', 'shop.js'], readyPath: '/health', readySeconds: 20 },
    upstreams: { stock: { kind: 'openai' }, bank: { kind: 'openai' }, ...upstreams },
    endpoints: { order: { ...ORDER, ...changed } },
    profiles: { fast: {} },
  });

/** What happens while `bank` fails, from 0 ms on, and after it works again, at 100 ms. */
export interface Work {
  readonly status?: number | null;
  /** Whether a request meets the failure. */
  readonly fails?: boolean;
  /** When requests to an upstream arrive, in milliseconds after the beginning. Those before 100 ms are to `stock`. */
  readonly stock?: readonly number[];
  readonly bank?: readonly number[];
  /** Requests to `bank` that it refuses with a 409. */
  readonly refused?: readonly number[];
  /** When the next phase begins. */
  readonly until?: number;
  readonly signal?: string;
  /** Other events. */
  readonly beside?: readonly HistoryEvent[];
}

/** Judges the work of one call without `bank`. The work without `stock` did not begin. */
export function judgedWork(
  checker: Checker,
  { status = 202, fails = true, stock = [20], bank = [600], refused = [], until = 2_700, signal, beside = [] }: Work,
  facts = workFacts(),
): Finding | undefined {
  const path = { endpoint: 'order', upstream: 'bank' };
  const of = [
    ...(fails ? [{ after: 30, upstream: 'bank', faults: ['f1:status'], status: 503 }] : []),
    ...stock.map((after) => ({ after, upstream: 'stock', faults: [], status: 200 })),
    ...bank.map((after) => ({ after, upstream: 'bank', faults: [], status: 200 })),
    ...refused.map((after) => ({ after, upstream: 'bank', faults: [], status: 409 })),
  ].sort((a, b) => a.after - b.after);
  const before = of.filter(({ after }) => after < 100).length;
  const history = new History([
    STRAY,
    ...beside,
    begun(
      1,
      signal === undefined
        ? { action: 'accepts work', ...path }
        : { action: 'accepts work, restarted', signal, ...path },
      0,
      0,
    ),
    ...(status === null ? [] : [request(10, 50, status, { phase: '1', endpoint: 'order' })]),
    ...of.map(({ after, upstream, faults, status }, index) => ({
      ...receipt(index + 1, after, 1, upstream, faults),
      status,
    })),
    begun(2, { when: 'after', of: 1 }, 100, before),
    begun(3, { action: 'steady again' }, until, of.length),
  ]);
  const name = signal === undefined ? 'order without bank' : `order without bank, then ${signal}`;
  return checker.judge(history, facts).find(({ check }) => check.endsWith(`: ${name}`));
}
