import { expect, test } from 'vitest';
import { recordComplete } from '../../../../harness/checkers/foundation/record-complete.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connection, connections, facts, metric, receipt, requests, T0 } from '../../../support/history.ts';
import { complete } from '../../../support/recorded.ts';

const judge = (events: readonly HistoryEvent[]) => recordComplete.judge(new History(events), facts())[0];

/** 20 requests, 3 phases, 5 receipts of upstreams, 2 of the database, 4 samples, and the end. */
const EVENTS = complete([
  { type: 'service', at: T0, event: 'started' },
  begun(1, { own: 'a' }, 10, 0),
  begun(2, { own: 'b' }, 60, 2),
  begun(3, { own: 'c' }, 90, 4),
  ...requests(20, 20, 5, 200, { phase: '1' }),
  ...[1, 2, 3, 4, 5].map((seq) => receipt(seq, 20 * seq, 1, 'groq')),
  connection(1, 5, 'database'),
  connection(2, 50, 'database'),
  metric('took', 30, 1, {}),
  metric('took', 70, 1, {}),
  connections(40, 1),
  connections(65, 1),
]);

/** The same events without some of them, by their positions among those of a type. */
const without = (isMeant: (event: HistoryEvent, index: number) => boolean): HistoryEvent[] => {
  const seen = new Map<string, number>();
  return EVENTS.filter((event) => {
    const index = seen.get(event.type) ?? 0;
    seen.set(event.type, index + 1);
    return !isMeant(event, index);
  });
};

test.each<[string, (event: HistoryEvent, index: number) => boolean, string]>([
  [
    'a request',
    ({ type }, index) => type === 'request' && index === 3,
    'requests: number 4 of 1 to 20 missing, after 0.03 s and before 0.04 s',
  ],
  [
    'the last requests',
    ({ type }, index) => type === 'request' && index > 15,
    'requests: numbers 17 to 20 of 1 to 20 missing, after 0.10 s',
  ],
  ['all requests', ({ type }) => type === 'request', 'requests: numbers 1 to 20 of 1 to 20 missing'],
  [
    'a phase',
    ({ type }, index) => type === 'phase' && index === 1,
    'phases: number 2 of 1 to 3 missing, after 0.01 s and before 0.09 s',
  ],
  [
    'the first receipt of an upstream',
    (event) => event.type === 'receipt' && event.upstream === 'groq' && event.seq === 1,
    'receipts of the upstreams: number 1 of 1 to 5 missing, before 0.04 s',
  ],
  [
    'a receipt of the database',
    (event) => event.type === 'receipt' && event.upstream === 'database' && event.seq === 2,
    'receipts of the database: number 2 of 1 to 2 missing, after 0.01 s',
  ],
  [
    'a sample of a metric',
    ({ type }, index) => type === 'metric' && index === 1,
    'samples of metrics: number 2 of 1 to 2 missing, after 0.03 s',
  ],
])('%s is missed', (_, isMeant, observed) => {
  expect(judge(without(isMeant))).toMatchObject({ verdict: 'INCONCLUSIVE', voids: 'everything', observed });
});

test('several gaps are listed, and the rest is counted', () => {
  expect(judge(without(({ type }) => type === 'request' || type === 'metric'))?.evidence).toEqual([
    'samples of metrics: numbers 1 to 2 of 1 to 2 missing',
  ]);
  const scattered = without(
    ({ type }, index) => (type === 'request' && index % 2 === 1) || ['metric', 'phase'].includes(type),
  );
  expect(judge(scattered)?.evidence?.slice(9)).toEqual([
    'samples of metrics: numbers 1 to 2 of 1 to 2 missing',
    'and 1 more',
  ]);
});

test('a record without an end proves nothing, but gaps between its events are found', () => {
  const cut = without(({ type }) => type === 'end');
  expect(judge(cut)).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'the record has no end' });
  expect(judge(cut)).not.toHaveProperty('voids');
  expect(judge(cut.filter((event) => event.type !== 'phase' || event.id !== 2))).toMatchObject({
    observed: 'phases: number 2 of 1 to 3 missing, after 0.01 s and before 0.09 s',
    voids: 'everything',
  });
});

test('a series that nobody counted proves nothing', () => {
  const uncounted = EVENTS.map((event) =>
    event.type === 'end' ? { ...event, series: event.series.filter(({ of }) => of !== 'upstream') } : event,
  );
  expect(judge(uncounted)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'the receipts of the upstreams were not counted',
  });
});

test('an event that is there twice makes the record unreliable', () => {
  const [first] = EVENTS.filter(({ type }) => type === 'request') as [HistoryEvent];
  expect(judge([...EVENTS, first])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    voids: 'everything',
    observed: 'requests: number 1 appears twice',
  });
});

test('events may be numbered in another order than that of their times', () => {
  const later = complete([...requests(2, 100, 5, 200, {}), ...requests(3, 0, 5, 200, {})]);
  expect(judge(later)).toMatchObject({ verdict: 'PASS', observed: '5 events' });
});

test('a log that could not be read to its end makes the record unreliable', () => {
  const problem = '/var/log/app was truncated while it was being read';
  const unread: HistoryEvent = { type: 'service', at: T0, event: 'unread', problem };
  expect(judge([...EVENTS, unread])).toMatchObject({ verdict: 'INCONCLUSIVE', voids: 'everything', observed: problem });
});
