import { expect, test } from 'vitest';
import { freezeCountsNothing } from '../../../../harness/checkers/freeze/freeze-counts-nothing.ts';
import { frozenCallsServed } from '../../../../harness/checkers/freeze/frozen-calls-served.ts';
import type { Checker } from '../../../../harness/checkers/lib/checker.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, factsOf, receipt, request, STRAY, T0 } from '../../../support/history.ts';

const PATH = { endpoint: 'order', upstream: 'bank' };
const PLAN = [{ action: 'held for a freeze', ...PATH } as const, { action: 'frozen' } as const];

const factsWith = (plan: readonly (typeof PLAN)[number][] | undefined = PLAN) =>
  factsOf(
    {
      name: 'shop',
      start: { command: ['node', 'shop.js'], readyPath: '/health', readySeconds: 20 },
      upstreams: { bank: { kind: 'openai' } },
      endpoints: {
        order: { method: 'POST', path: '/orders', served: [201], reaches: ['bank'] },
        about: { method: 'GET', path: '/about', served: [200], reaches: [] },
      },
      breakers: { bank: { upstream: 'bank', endpoint: 'order', refusal: 503, failures: [{ kind: 'hang' }] } },
      frozen: { seconds: 2 },
      profiles: { fast: { breakers: { bank: { threshold: 3, recoverySeconds: 5, callTimeoutSeconds: 1 } } } },
    },
    plan && { plan },
  );

/** The service is stopped from 200 ms to 2,200 ms. Calls are sent at 0 ms, and the upstream answers at 300 ms. */
interface Freeze {
  readonly status?: number;
  readonly calls?: number;
  /** How long the calls take, in milliseconds. */
  readonly ms?: number;
  /** When the upstream answers, and how many requests it got. */
  readonly answeredAt?: number;
  readonly arrived?: number;
  readonly until?: number;
  readonly problem?: string;
  readonly isStopped?: boolean;
  readonly after?: number;
  readonly reached?: number;
  readonly opens?: boolean;
  /** The status of an endpoint that reaches no upstream. */
  readonly about?: number;
}

function judged(checker: Checker, freeze: Freeze, facts = factsWith()) {
  const { status = 201, calls = 3, ms = 2_250, answeredAt = 300, arrived = calls, until = 2_200, problem } = freeze;
  const { isStopped = true, after = 201, reached = 2, opens = false, about = 200 } = freeze;
  const history = new History([
    STRAY,
    begun(1, { action: 'held for a freeze', ...PATH }, 0, 0),
    ...Array.from({ length: calls }, () => request(1, ms, status, { phase: '1', endpoint: 'order' })),
    ...Array.from({ length: arrived }, (_, n) => receipt(n + 1, 10, answeredAt - 10, 'bank', ['f1:latency'])),
    begun(2, { action: 'frozen' }, 150, arrived),
    ...(isStopped
      ? [{ type: 'freeze' as const, at: T0 + 200, until: T0 + until, processes: 1, ...(problem && { problem }) }]
      : []),
    ...(opens
      ? [{ type: 'transition' as const, at: T0 + 2_300, breaker: 'bank', to: 'open' as const, line: 'opened' }]
      : []),
    begun(3, { when: 'after', of: 1 }, 2_400, arrived),
    request(2_410, 20, after, { phase: '3', endpoint: 'order' }),
    request(2_440, 20, after, { phase: '3', endpoint: 'order' }),
    ...Array.from({ length: reached }, (_, n) => receipt(arrived + n + 1, 2_415 + n * 30, 5, 'bank')),
    begun(4, { action: 'steady again' }, 3_000, arrived + reached),
    request(3_010, 5, about, { phase: '4', endpoint: 'about' }),
  ]);
  return checker.judge(history, facts);
}

test.each<[string, Freeze, string, string?]>([
  ['calls that are served', {}, 'PASS'],
  ['calls that fail', { status: 502 }, 'FAIL'],
  ['calls without an answer', { status: 0 }, 'FAIL'],
  ['a service that was not stopped', { isStopped: false }, 'INCONCLUSIVE', 'the service was not stopped'],
  ['one that may have run', { status: 502, problem: 'not stopped at the end: node (7)' }, 'INCONCLUSIVE', 'node (7)'],
  ['one that was stopped too shortly', { until: 1_500 }, 'INCONCLUSIVE', 'it was stopped for less than 2 s'],
  ['calls that ended before', { ms: 190, status: 503 }, 'INCONCLUSIVE', '3 calls ended before it was stopped'],
  ['calls that ended in the meantime', { ms: 400 }, 'INCONCLUSIVE', 'a process that the lab did not start'],
  ['no calls', { calls: 0 }, 'INCONCLUSIVE', 'no call was in progress'],
  ['a call that did not reach the upstream', { arrived: 2 }, 'INCONCLUSIVE', 'only 2 of 3 calls waited'],
  ['an upstream that answered before', { answeredAt: 150 }, 'INCONCLUSIVE', 'only 0 of 3 calls waited'],
  ['an upstream that answered too late', { status: 502, answeredAt: 2_300 }, 'INCONCLUSIVE', 'only 0 of 3'],
])('judges %s', (_, freeze, verdict, evidence = '') => {
  const [finding] = judged(frozenCallsServed, freeze);
  expect(finding).toMatchObject({ check: 'served after a freeze: order at bank', requests: [{ phase: '1' }], verdict });
  expect(finding?.evidence?.join() ?? '').toContain(evidence);
});

test.each<[string, Freeze, string, string]>([
  ['served calls', {}, 'PASS', 'next calls: 2 × 201, 2 requests to bank'],
  ['refused calls', { after: 503, reached: 0 }, 'FAIL', 'next calls: 2 × 503, 0 requests to bank'],
  ['an opening in the log', { opens: true }, 'FAIL', 'the log reports that it opened'],
  ['calls that something else serves', { reached: 0 }, 'FAIL', '0 requests to bank'],
  ['too few calls to open it', { calls: 2 }, 'INCONCLUSIVE', 'next calls: 2 × 201'],
  ['a service that was not stopped', { isStopped: false, after: 503 }, 'INCONCLUSIVE', 'next calls: 2 × 503'],
])('judges a breaker by %s', (_, freeze, verdict, observed) => {
  const [finding] = judged(freezeCountsNothing, freeze);
  expect(finding).toMatchObject({ check: 'counts nothing in a freeze: bank', requests: [{ phase: '3' }], verdict });
  expect(finding?.observed).toContain(observed);
});

test('a service that refuses everything after a freeze has no breaker to blame', () => {
  const [finding] = judged(freezeCountsNothing, { after: 503, reached: 0, about: 503 });
  expect(finding).toMatchObject({ verdict: 'FAIL', usually: expect.stringContaining('refuses everything') });
  expect(finding?.evidence).toEqual(['no breaker decides about about: 1 × 503 after the pause']);
  const [own] = judged(freezeCountsNothing, { after: 503, reached: 0 });
  expect(own?.usually).toBeUndefined();
});

test('there is a case for each planned call, and for each breaker of its upstream', () => {
  const checksOf = (checker: Checker, plan?: readonly (typeof PLAN)[number][]) =>
    checker.cases?.(factsWith(plan))?.map(({ check }) => check);
  expect(checksOf(frozenCallsServed, PLAN)).toEqual(['served after a freeze: order at bank']);
  expect(checksOf(freezeCountsNothing, PLAN)).toEqual(['counts nothing in a freeze: bank']);
  expect(checksOf(frozenCallsServed, [])).toEqual([]);
  expect(checksOf(freezeCountsNothing, [])).toEqual([]);
});
