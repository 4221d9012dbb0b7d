import { expect, test } from 'vitest';
import { streamsBounded } from '../../../../harness/checkers/upstream/streams-bounded.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { GIVEN_UP } from '../../../support/failing.ts';
import { request, starved } from '../../../support/history.ts';
import { type Failing, factsOf, historyOf } from './streams.ts';

const judged = (seen: Failing, given = factsOf(), more: HistoryEvent[] = []) =>
  streamsBounded.judge(new History([...historyOf({}, seen), ...more]), given);

test.each([
  [1_500, 'keep-alives', 'PASS', '500 ms minus 500 ms of tolerance: 0.0 ms'],
  [1_501, 'keep-alives', 'FAIL', '501 ms minus 500 ms of tolerance: 1.0 ms'],
  [1_501, 'drip', 'FAIL', '501 ms minus 500 ms of tolerance: 1.0 ms'],
  // Counted from its arrival at the upstream, 10 ms after the call was sent. A call without a fault takes 40 ms.
  [2_550, 'stall', 'PASS', '540 ms minus 540 ms of tolerance: 0.0 ms'],
  [2_551, 'stall', 'FAIL', '541 ms minus 540 ms of tolerance: 1.0 ms'],
])('a call that ends after %d ms of %s gives %s', (ms, fault, verdict, left) => {
  const found = judged({ fault, ms, status: 502 });
  expect(found).toMatchObject([{ check: `ends in time: ${fault} of llm, chat`, verdict }]);
  expect(found[0]?.requests).toEqual([{ phase: '2', about: 'failing' }]);
  expect(found[0]?.evidence).toEqual([`measured: too late by ${left}`]);
});

test('a stall begins with the first of several requests', () => {
  expect(judged({ fault: 'stall', ms: 4_000, status: 502, arrives: [20, 2_020] })).toMatchObject([
    { observed: 'after 3.99 s', verdict: 'FAIL' },
  ]);
});

test('says what was promised', () => {
  expect(judged({ fault: 'drip', status: 502 })).toMatchObject([{ expected: 'within 1 s without an event' }]);
  expect(judged({ fault: 'stall', status: 502 })).toMatchObject([{ expected: 'within 2 s after the last event' }]);
});

test('a call that never ends fails', () => {
  expect(judged({ fault: 'stall', ms: 9_000, status: 0, tags: GIVEN_UP })).toMatchObject([
    { observed: 'after 8.99 s, without an end', verdict: 'FAIL' },
  ]);
  const tags = { phase: '2', about: 'failing', endpoint: 'chat', ...GIVEN_UP };
  const another = request(100_020, 8_000, 0, tags);
  expect(judged({ fault: 'drip', status: 502 }, factsOf(), [another])).toMatchObject([
    { observed: 'after 8.00 s, without an end', verdict: 'FAIL' },
  ]);
});

test('a caller who left in time does not prove that the call would have ended', () => {
  expect(judged({ fault: 'drip', ms: 1_500, status: 0, tags: GIVEN_UP })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('a late end is not blamed on a service that waited for a processor', () => {
  const seen = { fault: 'drip', ms: 2_000, status: 502 };
  expect(judged(seen, factsOf(), [starved('service', 100_010, 101_010, 600)])).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
  ]);
});

test('nothing is proved if the fault acted on no request', () => {
  expect(judged({ fault: 'stall', ms: 9_000, status: 502, arrives: [] })).toMatchObject([
    { verdict: 'INCONCLUSIVE', evidence: ['the fault acted on no request to llm'] },
  ]);
});
