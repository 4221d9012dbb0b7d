import { expect, test } from 'vitest';
import { outageIsolated } from '../../../../harness/checkers/upstream/outage-isolated.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, requests, T0, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');

/** Three calls each to the other breaker's endpoint and to /health while the LLM's breaker is open. */
const isolated = (memoryReached: number, healthStatus: number, extra: HistoryEvent[] = []) =>
  new History([
    begun(1, { action: 'opening' }, 0, 0),
    ...requests(5, 0, 600, 502, { phase: '1' }),
    begun(2, { action: 'open' }, 3_000, 0),
    ...requests(3, 3_000, 5, 503, { phase: '2', about: 'memory' }),
    ...requests(3, 3_100, 2, healthStatus, { phase: '2', about: 'health' }),
    ...Array.from({ length: memoryReached }, (_, index) => receipt(index + 1, 3_000, 2, 'mem0')),
    ...extra,
  ]);
const memoryOpened: HistoryEvent = { type: 'transition', at: T0 + 3_100, breaker: 'memory', to: 'open', line: '' };

test.each([
  ['PASS', 'PASS', isolated(3, 200)],
  ['FAIL', 'PASS', isolated(2, 200)],
  ['FAIL', 'PASS', isolated(3, 200, [memoryOpened])],
  ['INCONCLUSIVE', 'PASS', isolated(4, 200)],
  ['PASS', 'FAIL', isolated(3, 503)],
  ['INCONCLUSIVE', 'INCONCLUSIVE', new History()],
])('gives %s for the other breaker and %s for /health', (other, health, history) => {
  expect(verdicts(outageIsolated.judge(history, LLM))).toEqual({
    'memory breaker unaffected': other,
    'health unaffected': health,
  });
});

test('names the cause by what the calls got', () => {
  const usually = (...of: Parameters<typeof isolated>) =>
    outageIsolated.judge(isolated(...of), LLM).map((finding) => finding.usually);
  expect(usually(0, 503)).toEqual([
    expect.stringMatching(/^memory refuses calls although only groq is broken/),
    expect.stringMatching(/^The health check reports the state of an upstream/),
  ]);
  expect(usually(2, 0)).toEqual([undefined, undefined]);
});
