import { expect, test } from 'vitest';
import { streamsComplete } from '../../../../harness/checkers/upstream/streams-complete.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, request } from '../../../support/history.ts';
import { type Failing, factsOf, historyOf } from './streams.ts';

const judgedEvents = (events: HistoryEvent[], given = factsOf()) =>
  streamsComplete.judge(new History(events), given)[0];
const judged = (seen: Failing, given = factsOf()) => judgedEvents(historyOf(seen), given);

test('answers without a fault end as promised', () => {
  expect(judged({})).toMatchObject({
    check: 'complete stream: chat',
    expected: 'server-sent events, the last with [DONE]',
    observed: '1 of 1 answers without a fault',
    verdict: 'PASS',
  });
  expect(judged({ isWhole: false })).toMatchObject({ observed: '0 of 1 answers without a fault', verdict: 'FAIL' });
  expect(judged({ isWhole: false, isComplete: true })?.verdict).toBe('FAIL');
  expect(judged({}, factsOf({ format: 'ndjson', end: undefined }))?.expected).toBe('lines of JSON');
});

test('the only call to each endpoint is judged as well', () => {
  const events = [
    begun(1, { action: 'endpoint', endpoint: 'chat' }, 0, 0),
    request(10, 50, 200, { phase: '1', endpoint: 'chat' }),
  ];
  expect(judgedEvents(events)).toMatchObject({ verdict: 'FAIL' });
  expect(judgedEvents(events)).not.toHaveProperty('usually');
  expect(judgedEvents([...events, metric('errors_in_streams', 60, 1, { phase: '1' })])?.usually).toMatch(
    /^1 of 1 streams contain an event with an error, although nothing failed/,
  );
  expect(judgedEvents([...events, metric('complete_streams', 60, 1, { phase: '1' })])?.verdict).toBe('PASS');
});

test('calls to other endpoints are not judged', () => {
  expect(judgedEvents(historyOf({}, { endpoint: 'ask', isWhole: false }))?.verdict).toBe('PASS');
});

test('an answer that is not served proves nothing', () => {
  expect(judged({ again: 503, isWhole: false })?.verdict).toBe('INCONCLUSIVE');
});
