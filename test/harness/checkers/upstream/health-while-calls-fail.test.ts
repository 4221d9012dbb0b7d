import { expect, test } from 'vitest';
import { healthWhileCallsFail } from '../../../../harness/checkers/upstream/health-while-calls-fail.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, SILENCE, STRAY, T0 } from '../../../support/history.ts';

/** Calls to /health that are due every 50 ms. A service that is frozen answers them when it goes on. */
const frozen = (from: number, until: number, status = 200, length = 100) =>
  new History([
    ...Array.from({ length }, (_, index) => {
      const due = index * 50;
      const ms = due >= from && due < until ? until - due : 2;
      const tags = { about: 'health', endpoint: 'health', due: String(T0 + due) };
      return request(due, ms, due === 4_000 ? status : 200, tags);
    }),
    STRAY,
  ]);

test.each<[string, string, History]>([
  ['PASS', 'never waits', frozen(0, 0)],
  ['PASS', 'sleeps for less than half a second between two attempts', frozen(1_000, 1_500)],
  ['PASS', 'delays two calls by more than that', frozen(1_000, 1_600)],
  ['FAIL', 'delays three calls by more than that', frozen(1_000, 1_650)],
  ['FAIL', 'sleeps for a second, as Retry-After says', frozen(1_000, 2_000)],
  ['FAIL', 'fails once', frozen(0, 0, 503)],
])('gives %s if the service %s while calls fail', (verdict, _, history) => {
  expect(healthWhileCallsFail.judge(history, facts())).toMatchObject([
    { check: 'health stays up: calls that fail', requests: [{ about: 'health' }], verdict },
  ]);
});

test('is undecided if the machine may have delayed the calls, or if there are few', () => {
  const noise = { ...SILENCE, loopbackMs: 450 };
  expect(healthWhileCallsFail.judge(frozen(1_000, 2_000), { ...facts(), noise })).toMatchObject([
    {
      observed: '100 × 200; 10 late, the longest of 100 calls took 1000 ms',
      verdict: 'INCONCLUSIVE',
      evidence: ['the longest call: measured 1.00 s minus 450 ms of machine noise: 550 ms'],
    },
  ]);
  const judged = (history: History, loopbackMs: number) =>
    healthWhileCallsFail.judge(history, { ...facts(), noise: { ...SILENCE, loopbackMs } })[0]?.verdict;
  expect(healthWhileCallsFail.judge(frozen(1_000, 1_500), { ...facts(), noise })[0]?.evidence).toBeUndefined();
  expect(judged(frozen(1_000, 2_000), 400)).toBe('INCONCLUSIVE');
  expect(judged(frozen(1_000, 2_000), 399)).toBe('FAIL');
  expect(judged(frozen(1_000, 1_650), 200)).toBe('INCONCLUSIVE');
  expect(judged(frozen(0, 0, 200, 20), 0)).toBe('PASS');
  expect(judged(frozen(0, 0, 200, 19), 0)).toBe('INCONCLUSIVE');
  expect(judged(new History([STRAY]), 0)).toBe('INCONCLUSIVE');
});

test('judges nothing if the contract has no endpoint for health', () => {
  const { contract, ...others } = facts();
  const { health: _, ...endpoints } = contract.endpoints;
  const without = { ...contract, health: undefined, endpoints };
  expect(healthWhileCallsFail.judge(frozen(0, 0), { ...others, contract: without })).toEqual([]);
});

test('names the phases in which calls were late', () => {
  const history = frozen(1_000, 2_000);
  history.add(begun(1, { action: 'steady' }, 0, 0));
  history.add(begun(2, { action: 'no connection', upstream: 'groq', endpoint: 'conversation-end' }, 900, 0));
  history.add(begun(3, { action: 'end' }, 2_000, 0));
  expect(healthWhileCallsFail.judge(history, facts())[0]?.evidence).toContain(
    'the late calls were due in: no connection to groq in conversation-end',
  );
});
