import { expect, test } from 'vitest';
import { failurePolicy } from '../../../../harness/checkers/breaker/failure-policy.ts';
import { notCounted, notCountedText } from '../../../../harness/checkers/breaker/not-counted.ts';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, requests } from '../../../support/history.ts';

const LLM = facts('llm');
const LAST = 300;

/** Five calls fail in one way, `after` how many receipts, followed by probes, which reach the upstream if it is closed. */
const alone = (
  id: number,
  fault: string,
  isClosed: boolean,
  at: number,
  after: number,
  status = 502,
): HistoryEvent[] => [
  begun(id, { action: 'alone', breaker: 'llm', fault }, at, after),
  ...requests(5, at, 10, status, { phase: String(id) }),
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

/** Five calls that fail in one of several ways, and open the breaker. */
const OPENED: HistoryEvent[] = [
  begun(21, { action: 'row', breaker: 'llm', faults: ['status 500', 'reset'] }, -9_000, 0),
  ...requests(5, -9_000, 10, 502, { phase: '21' }),
  ...[1, 2, 3, 4, 5].map((index) => receipt(index, -9_000 + index, 5, 'groq', ['f0:mix/reset'])),
  begun(22, { when: 'after', of: 21 }, -8_900, 5),
  ...requests(3, -8_900, 5, 503, { phase: '22' }),
];

test('all of a row are not counted if another row opened the breaker', () => {
  const events = [...OPENED, ...alone(11, 'hang', true, 0, 5), ...alone(13, 'stall', true, 5_000, 13)];
  expect(notCounted(new History(events), LLM, breakerOf(LLM))).toEqual(['hang', 'stall']);
});

test.each<[string, HistoryEvent[], boolean]>([
  ['an internal error', [...OPENED, ...alone(11, 'hang', true, 0, 5, 500)], true],
  ['no response', [...OPENED, ...alone(11, 'hang', true, 0, 5, 0)], true],
  ['the answer to a failure', [...OPENED, ...alone(11, 'hang', true, 0, 5)], false],
  ['an internal error, as for other failures', alone(11, 'hang', true, 0, 0, 500), false],
])('a failure that is not counted is not caught if callers get %s', (_, events, isUncaught) => {
  const text = notCountedText(new History(events), ['hang'], breakerOf(LLM));
  expect(text.includes('nothing around the call handles this error')).toBe(isUncaught);
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
