import { expect, test } from 'vitest';
import { failingStreams } from '../../../../harness/checkers/upstream/failing-streams.ts';
import { isPieced } from '../../../../harness/checkers/upstream/substitutes.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Failing, factsOf, historyOf } from './streams.ts';

const BACKED = factsOf({}, [], ['llm', 'backup']);
/** A complete answer whose first byte came 25 ms after the phase began. The next upstream is called after 40 ms. */
const EARLY: Failing = { isComplete: true, substitute: 'backup', began: 25 };
/** One that began when an answer of the next upstream can begin. */
const SOON: Failing = { isComplete: true, substitute: 'backup' };

/** Judges the first of these streams. The others tell whether headers are sent early. */
function pieced(first: Failing, others: readonly Failing[] = [], moved: { upstream?: string; endpoint?: string } = {}) {
  const history = new History(historyOf(first, ...others));
  const [streams, ...rest] = failingStreams(history, BACKED);
  if (!streams) throw new Error('no stream');
  return isPieced(history, BACKED, streams, [streams, ...rest.map((stream) => ({ ...stream, ...moved }))]);
}

test('an answer that began before the next upstream was called is pieced, within the difference of two clocks', () => {
  const withoutEvents = [{ ...SOON, fault: 'keep-alives' }];
  expect(pieced({ ...EARLY, began: 29 }, withoutEvents)).toBe(true);
  expect(pieced({ ...EARLY, began: 30 }, withoutEvents)).toBe(false);
});

test('an answer that is not complete, or without another upstream, is not pieced', () => {
  expect(pieced({ ...EARLY, isComplete: false })).toBe(false);
  expect(pieced({ isComplete: true, began: 25 })).toBe(false);
  expect(pieced({ ...EARLY, fault: 'drip' })).toBe(false);
});

test('only calls of the same endpoint to the same upstream without events tell if headers are sent early', () => {
  const withoutEvents = [{ ...SOON, fault: 'drip' }];
  expect(pieced(EARLY, withoutEvents)).toBe(true);
  expect(pieced(EARLY, [{ ...SOON, fault: 'stall' }])).toBe('maybe');
  expect(pieced(EARLY, withoutEvents, { upstream: 'memory' })).toBe('maybe');
  expect(pieced(EARLY, withoutEvents, { endpoint: 'ask' })).toBe('maybe');
});
