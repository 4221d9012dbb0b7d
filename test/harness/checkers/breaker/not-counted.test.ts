import { expect, test } from 'vitest';
import { failurePolicy } from '../../../../harness/checkers/breaker/failure-policy.ts';
import { notCounted } from '../../../../harness/checkers/breaker/not-counted.ts';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, requests } from '../../../support/history.ts';

const LLM = facts('llm');
const LAST = 300;

/** Five calls fail in one way, `after` how many receipts, followed by probes, which reach the upstream if it is closed. */
const alone = (id: number, fault: string, isClosed: boolean, at: number, after: number): HistoryEvent[] => [
  begun(id, { action: 'alone', breaker: 'llm', fault }, at, after),
  ...requests(5, at, 10, 502, { phase: String(id) }),
  ...[1, 2, 3, 4, 5].map((index) => receipt(after + index, at + index, 5, 'groq', ['f1:status'])),
  begun(id + 1, { when: 'after', of: id }, at + LAST, after + 5),
  ...requests(3, at + LAST, 5, isClosed ? 201 : 503, { phase: String(id + 1) }),
  ...(isClosed ? [6, 7, 8].map((index) => receipt(after + index, at + LAST + index, 2, 'groq')) : []),
];

test.each<[string, HistoryEvent[], string[]]>([
  ['one of two', [...alone(11, 'status 429', true, 0, 0), ...alone(13, 'reset', false, 5_000, 8)], ['status 429']],
  ['none', [...alone(11, 'status 429', false, 0, 0), ...alone(13, 'reset', false, 5_000, 5)], []],
  ['all, so that the threshold differs', [...alone(11, 'a', true, 0, 0), ...alone(13, 'b', true, 5_000, 8)], []],
  ['nothing, if no kind was tried alone', [], []],
])('the kinds of failures that a breaker does not count: %s', (_, events, expected) => {
  expect(notCounted(new History(events), LLM, breakerOf(LLM))).toEqual(expected);
});

test('a row that does not open the breaker names the kind that is not counted', () => {
  const row: HistoryEvent[] = [
    begun(1, { action: 'row', breaker: 'llm', faults: ['reset', 'status 429'] }, -2_000, 0),
    ...requests(5, -2_000, 10, 502, { phase: '1' }),
    ...[1, 2, 3, 4, 5].map((index) => receipt(index, -2_000 + index, 5, 'groq', ['f1:mix/reset'])),
    begun(2, { when: 'after', of: 1 }, -1_000, 5),
    ...requests(3, -1_000, 5, 201, { phase: '2' }),
    ...[6, 7, 8].map((index) => receipt(index, -1_000 + index, 2, 'groq')),
  ];
  const events = [...row, ...alone(11, 'status 429', true, 0, 8), ...alone(13, 'reset', false, 5_000, 16)];
  const [finding] = failurePolicy.judge(new History(events), facts());
  expect(finding?.usually).toMatch(/^Not counted as a failure: status 429\. After 5 of it alone/);
});
