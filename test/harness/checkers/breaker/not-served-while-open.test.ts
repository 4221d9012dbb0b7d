import { expect, test } from 'vitest';
import { notServedWhileOpen } from '../../../../harness/checkers/breaker/not-served-while-open.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, requests, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');
const calls = (endpoint: string, status: number, phase = '2'): HistoryEvent[] =>
  requests(3, 0, 5, status, { phase, endpoint });
/** The breaker opened for 2 s when this call got its response. */
const OPENING: HistoryEvent[] = [
  begun(1, { action: 'opening' }, -600, 0),
  ...requests(1, -600, 600, 502, { phase: '1' }),
  begun(3, { action: 'open, elsewhere' }, -1, 1),
  begun(2, { action: 'open' }, 0, 1),
];
const END = 'not served while open: conversation-end';
const SUGGEST = 'not served while open: activities-suggest';

test.each<[string, Record<string, string>, HistoryEvent[]]>([
  [
    'all refused',
    { [END]: 'PASS', [SUGGEST]: 'PASS' },
    [...calls('conversation-end', 503), ...calls('activities-suggest', 503)],
  ],
  [
    'one that is served late in its work',
    { [SUGGEST]: 'FAIL' },
    [...calls('activities-suggest', 503), ...calls('activities-suggest', 200)],
  ],
  [
    'one without an answer',
    { [END]: 'INCONCLUSIVE' },
    [...calls('conversation-end', 503), ...calls('conversation-end', 0)],
  ],
  ['endpoints that need no upstream', {}, [...calls('health', 200), ...calls('conversation-read', 200)]],
  ['one that is asked by the way', { [SUGGEST]: 'FAIL' }, calls('activities-suggest', 200, '3')],
  [
    'one that is served when a trial may be',
    { [END]: 'PASS' },
    [...calls('conversation-end', 503), request(1_345, 5, 201, { phase: '2', endpoint: 'conversation-end' })],
  ],
  [
    'one that is served a moment before',
    { [END]: 'FAIL' },
    [...calls('conversation-end', 503), request(1_344, 5, 201, { phase: '2', endpoint: 'conversation-end' })],
  ],
  [
    'nothing but what may be a trial',
    { [END]: 'INCONCLUSIVE' },
    [request(1_345, 5, 503, { phase: '2', endpoint: 'conversation-end' })],
  ],
  ['calls of another phase', {}, calls('conversation-end', 201, '1')],
])('while a breaker is open, judges %s', (_, expected, events) => {
  expect(verdicts(notServedWhileOpen.judge(new History([...OPENING, ...events]), LLM))).toEqual(expected);
});

test('reports how many calls were served', () => {
  const [finding] = notServedWhileOpen.judge(
    new History([...OPENING, ...calls('conversation-end', 503), ...calls('conversation-end', 201)]),
    LLM,
  );
  expect(finding).toMatchObject({
    expected: 'no call is served without groq',
    observed: '3 of 6 calls served: 3 × 503, 3 × 201',
  });
});
