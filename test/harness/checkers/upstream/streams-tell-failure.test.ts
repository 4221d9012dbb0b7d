import { expect, test } from 'vitest';
import { streamsTellFailure } from '../../../../harness/checkers/upstream/streams-tell-failure.ts';
import { History } from '../../../../harness/history/history.ts';
import { GIVEN_UP } from '../../../support/failing.ts';
import { facts, metric } from '../../../support/history.ts';
import { type Failing, factsOf, historyOf } from './streams.ts';

const CUT = { error: 'unexpected EOF', error_code: '1000' };

/** Returns the findings about a stream that is cut off, and about further calls. */
const judged = (seen: Failing, given = factsOf()) => streamsTellFailure.judge(new History(historyOf(seen)), given);

test('nothing is judged without the promise', () => {
  expect(streamsTellFailure.judge(new History(historyOf({ endpoint: 'ask' })), factsOf())).toEqual([]);
  expect(streamsTellFailure.judge(new History(historyOf({})), facts())).toEqual([]);
});

test.each<[string, Failing, string]>([
  ['a status', { status: 502 }, 'the caller got 502'],
  ['an event', { isReported: true }, 'the caller got 200 and an event with an error'],
  [
    'an event before the usual end',
    { isReported: true, isComplete: true },
    'the caller got 200 and an event with an error',
  ],
  ['an aborted response', { status: 0, tags: CUT }, 'the connection was closed before the answer was complete'],
])('a failure that the caller learns of by %s passes', (_, seen, observed) => {
  const [finding] = judged(seen);
  expect(finding).toMatchObject({ check: 'stream reports cut-stream: llm, chat', observed, verdict: 'PASS' });
  expect(finding?.requests).toEqual([{ phase: '1', about: 'failing' }]);
  expect(finding).not.toHaveProperty('evidence');
});

test('an answer that ends like a complete one fails, and so does one that just ends', () => {
  expect(judged({ isComplete: true })[0]).toMatchObject({
    observed: 'the caller got 200 and a complete answer',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^The service hides the failure: it skips an event with an error/),
  });
  expect(judged({})[0]).toMatchObject({
    observed: 'the caller got 200 and an answer without [DONE] or an error',
    verdict: 'FAIL',
    usually: expect.stringMatching(/^The service ends the response like a complete one/),
  });
  expect(judged({ isComplete: true }, factsOf({ end: undefined }))[0]?.verdict).toBe('FAIL');
  expect(judged({}, factsOf({ end: undefined }))[0]?.observed).toBe(
    'the caller got 200 and an answer without an error',
  );
});

test('an error in the next stream is not one of the failed stream', () => {
  const reported = (about: string) =>
    new History([...historyOf({}), metric('errors_in_streams', 60, 1, { phase: '1', about })]);
  expect(streamsTellFailure.judge(reported('again'), factsOf())[0]?.verdict).toBe('FAIL');
  expect(streamsTellFailure.judge(reported('failing'), factsOf())[0]?.verdict).toBe('PASS');
});

test('a stall that ends like a success fails', () => {
  const events = historyOf({}, { fault: 'stall' });
  expect(streamsTellFailure.judge(new History(events), factsOf())[1]?.verdict).toBe('FAIL');
});

test('only a complete answer may replace the stream of an optional upstream', () => {
  const optional = factsOf({}, ['llm']);
  expect(judged({ isComplete: true }, optional)[0]?.verdict).toBe('PASS');
  expect(judged({}, optional)[0]?.verdict).toBe('FAIL');
  expect(judged({ isComplete: true }, factsOf({}, ['memory']))[0]?.verdict).toBe('FAIL');
  expect(judged({ status: 502 }, optional)[0]?.verdict).toBe('PASS');
});

test('an answer of a fallback is complete only if another upstream was called', () => {
  const backed = factsOf({}, [], ['llm', 'backup']);
  expect(judged({ isComplete: true }, backed)[0]).toMatchObject({
    observed: 'the caller got 200 and a complete answer, but no other upstream was called',
    verdict: 'FAIL',
  });
  expect(judged({ isComplete: true, substitute: 'memory' }, backed)[0]?.verdict).toBe('FAIL');
  expect(judged({ isComplete: true, substitute: 'backup' }, backed)[0]?.verdict).toBe('PASS');
  const further = factsOf({}, [], ['llm', 'backup', 'spare']);
  expect(judged({ isComplete: true, substitute: 'backup' }, further)[0]?.verdict).toBe('PASS');
});

test('after a fault in fallback.never, even a complete answer of another upstream fails', () => {
  const fallback = { order: ['llm', 'backup'], never: ['cut-stream'] };
  expect(judged({ isComplete: true, substitute: 'backup' }, factsOf({}, [], fallback))[0]).toMatchObject({
    expected: 'an error: a status, an event or an aborted response',
    verdict: 'FAIL',
  });
});

test('an answer that had begun before another upstream was called is put together from two', () => {
  const backed = factsOf({}, [], ['llm', 'backup']);
  const whole = { isComplete: true, substitute: 'backup' };
  const first = (...all: Failing[]) => streamsTellFailure.judge(new History(historyOf(...all)), backed)[0];
  const pieced = { ...whole, began: 25 };
  expect(first(pieced, { ...whole, fault: 'keep-alives' })).toMatchObject({
    observed: 'the caller got 200 and a complete answer, which had begun before another upstream was called',
    verdict: 'FAIL',
  });
  // A service that sends its headers early does so without events as well.
  expect(first(pieced, { ...pieced, fault: 'keep-alives' })?.verdict).toBe('INCONCLUSIVE');
  expect(first(pieced)?.verdict).toBe('INCONCLUSIVE');
  expect(first({ ...whole, began: 35 }, { ...whole, fault: 'keep-alives' })?.verdict).toBe('PASS');
  expect(first({ ...pieced, isReported: true }, { ...whole, fault: 'keep-alives' })?.verdict).toBe('PASS');
});

test('a caller that gets no answer learns nothing, unless the stream never ends', () => {
  const none = { status: 0, ms: 30_000, tags: GIVEN_UP };
  expect(judged(none)[0]?.verdict).toBe('FAIL');
  const [, stalled] = streamsTellFailure.judge(
    new History(historyOf({ status: 502 }, { ...none, fault: 'stall' })),
    factsOf(),
  );
  expect(stalled).toMatchObject({ check: 'stream reports stall: llm, chat', verdict: 'INCONCLUSIVE' });
});

test('nothing is proved if the fault acted on no request, or the outcome says nothing about the service', () => {
  const events = historyOf({}, { fault: 'missing-done', arrives: [] });
  expect(streamsTellFailure.judge(new History(events), factsOf())[1]).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['the fault acted on no request to llm'],
  });
  const unknown = { status: 0, tags: { error: 'lookup: no such host', error_code: '1101' } };
  expect(judged(unknown)[0]?.verdict).toBe('INCONCLUSIVE');
});

test('an upstream that sends no streams has none that could fail, unless there are no others', () => {
  const other = historyOf({ isCut: false }, { fault: 'missing-done' });
  expect(streamsTellFailure.judge(new History(other), factsOf())).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
    { verdict: 'INCONCLUSIVE', evidence: ['llm sent no event stream to cut off'] },
  ]);
  const memory = { upstream: 'memory', isCut: false };
  const both = (seen: Failing) =>
    streamsTellFailure.judge(
      new History(historyOf({ status: 502 }, { ...memory, ...seen }, { ...memory, fault: 'stall' })),
      factsOf(),
    );
  const whole = {
    observed: 'memory sent a complete response, so there was no stream that could fail',
    verdict: 'PASS',
  };
  expect(both({})).toMatchObject([
    { check: 'stream reports cut-stream: llm, chat', observed: 'the caller got 502', verdict: 'PASS' },
    { check: 'stream reports cut-stream: memory, chat', ...whole },
    { check: 'stream reports stall: memory, chat', ...whole },
  ]);
  // Without a call that the fault acted on, nobody knows whether it sends streams.
  expect(both({ arrives: [] }).map(({ verdict }) => verdict)).toEqual(['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']);
});
