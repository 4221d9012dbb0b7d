import { expect, test } from 'vitest';
import type { HistoryEvent, RequestSample, SpanEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { tracesOf } from '../../../harness/judge/traces-of.ts';
import { request, T0 } from '../../support/history.ts';
import { finding } from '../../support/run-result.ts';

const traced = (trace: string, ms: number, status: number, about = 'open'): RequestSample => ({
  ...request(0, ms, status, { about }),
  trace,
});

const span = (trace: string, id: string): SpanEvent => ({
  type: 'span',
  at: T0,
  ms: 1,
  trace,
  id,
  service: 'shop',
  name: 'work',
  failed: false,
});

const failed = finding('stays open', 'FAIL', { requests: [{ about: 'open' }] });

const namedIn = (events: HistoryEvent[], of = failed) => tracesOf(new History(events))(of).traces;

test('of the requests that a check judged, those that failed are named first, then those that took longest', () => {
  const events = [
    traced('quick', 1, 200),
    traced('slow', 900, 200),
    traced('wrong', 5, 503),
    traced('lost', 2, 0),
    traced('of another phase', 9, 500, 'closed'),
  ];
  expect(namedIn(events)?.map(({ id }) => id)).toEqual(['lost', 'wrong', 'slow']);
});

test('of requests with like outcomes, those with spans come first', () => {
  const requests = [traced('slow', 9, 200), traced('quick', 1, 200), traced('lost', 2, 0)];
  expect(namedIn([...requests, span('quick', '1'), span('quick', '2')])).toEqual([
    { id: 'lost', spans: 0 },
    { id: 'quick', spans: 2 },
    { id: 'slow', spans: 0 },
  ]);
});

test('checks that passed or name no requests have no traces, and neither have requests without one', () => {
  expect(namedIn([traced('a', 1, 500)], { ...failed, verdict: 'PASS' })).toBeUndefined();
  expect(namedIn([traced('a', 1, 500)], finding('x', 'FAIL'))).toBeUndefined();
  expect(namedIn([request(0, 1, 500, { about: 'open' })])).toBeUndefined();
});
