import { describe, expect, test } from 'vitest';
import { CHECKERS } from '../../../../harness/checkers/index.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, lost, receipt, request, requests, T0, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');
const FAULT = ['f1:status'];
const by = (checker: string, events: HistoryEvent[]) =>
  verdicts(CHECKERS[checker]?.judge(new History(events), LLM) ?? []);

/**
 * Twenty calls after the breaker has closed. `stale` of them were lost because their keep-alive connections were
 * closed.
 */
function closed(stale: number, reset = 0): HistoryEvent[] {
  const tags = { phase: '1', endpoint: 'conversation-end' };
  const good = 20 - stale - reset;
  return [
    begun(1, { action: 'closed' }, 0, 0),
    ...requests(good, 0, 5, 201, tags),
    ...Array.from({ length: stale }, (_, index) => lost(index, 1, tags)),
    ...Array.from({ length: reset }, (_, index) => request(index, 1, 0, tags)),
    ...Array.from({ length: good }, (_, index) => receipt(index + 1, index, 1, 'groq')),
  ];
}

// This happened with uvicorn's defaults: "18 of 20 calls: 18 × 200, 2 × no answer".
test.each([
  ['PASS', 'none', closed(0)],
  ['PASS', 'two lost with kept connections', closed(2)],
  ['INCONCLUSIVE', 'most lost with kept connections', closed(11)],
  ['INCONCLUSIVE', 'all lost with kept connections', closed(20)],
  ['FAIL', 'two reset on new ones', closed(0, 2)],
  ['FAIL', 'all reset on new ones', closed(0, 20)],
  ['FAIL', 'one reset on a new one beside many that were lost', closed(12, 1)],
])('gives %s for a breaker that has closed, of twenty calls: %s', (verdict, _, events) => {
  expect(by('breaker-closes', events)).toEqual({ 'closes after a good trial': verdict });
});

describe('a failure may be lost with a keep-alive connection', () => {
  const about = 'breaker';
  /** Four of five failures arrive, so the breaker stays closed, and calls that it should reject go through. */
  const events: HistoryEvent[] = [
    begun(2, { action: 'opening' }, 0, 0),
    ...requests(4, 0, 600, 502, { phase: '2', endpoint: 'conversation-end' }),
    lost(2_400, 1, { phase: '2', endpoint: 'conversation-end' }),
    ...[1, 2, 3, 4].map((seq) => receipt(seq, (seq - 1) * 600, 600, 'groq', FAULT)),
    begun(3, { action: 'open' }, 3_000, 4),
    ...requests(12, 3_000, 600, 201, { phase: '3', about, endpoint: 'conversation-end' }),
    ...Array.from({ length: 12 }, (_, index) => receipt(5 + index, 3_000 + index, 600, 'groq')),
    begun(4, { action: 'half-open' }, 12_000, 16),
    ...requests(20, 12_000, 5, 502, { phase: '4' }),
    ...Array.from({ length: 20 }, (_, index) => receipt(17 + index, 12_000, 5, 'groq', FAULT)),
    begun(5, { action: 'reopened' }, 12_200, 36),
    request(12_300, 5, 201, { phase: '5' }),
    receipt(37, 12_301, 1, 'groq'),
  ];

  test.each([
    'breaker-opens',
    'breaker-refuses-at-once',
    'not-served-while-open',
    'breaker-says-when',
    'breaker-admits-one-trial',
    'breaker-reopens',
    'transitions-logged',
  ])("%s doesn't blame a breaker that didn't open", (checker) => {
    const said = { type: 'metric', at: T0 + 3_005, metric: 'retry_after_seconds', value: 0, tags: { phase: '3' } };
    const found = Object.values(by(checker, [...events, said as HistoryEvent]));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['INCONCLUSIVE']));
  });
});

test('a service that resets every request has not recovered from an outage', () => {
  const again = (sent: HistoryEvent[]) =>
    by('recovers', [begun(6, { action: 'steady again' }, 0, 0), ...sent])['steady state after'];
  const tags = { phase: '6', endpoint: 'conversation-end' };
  expect(again(requests(3, 0, 1, 0, tags))).toBe('FAIL');
  expect(again([lost(0, 1, tags)])).toBe('INCONCLUSIVE');
  expect(again([request(0, 1, 201, tags), lost(1, 1, tags)])).toBe('INCONCLUSIVE');
});
