import { expect, test } from 'vitest';
import { fallsBack } from '../../../../harness/checkers/fallback/falls-back.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { metric, phase, starved } from '../../../support/history.ts';
import { type Arrival, factsOf, phased } from './routed.ts';

const FIRST = 'fallback 503 at llm in chat';
const ALL = 'fallback status-429 at llm,backup in chat';
const NEVER = 'no fallback 422 at llm in chat';

const MOVED_ON: Arrival[] = [
  ['llm', 12, true],
  ['backup', 18],
];

function judged(name: string, status: number, arrivals: readonly Arrival[], more: HistoryEvent[] = []) {
  const events = [
    ...phased({ name, from: 0, statuses: [status], arrivals }),
    phase(`after ${name}`, 500, arrivals.length),
    ...more,
  ];
  return fallsBack.judge(new History(events), factsOf())[0];
}

test('a call that the next upstream serves passes', () => {
  expect(judged(FIRST, 200, MOVED_ON)).toMatchObject({
    check: 'falls back after 503: llm, chat',
    expected: 'served by backup',
    observed: '200 after calls of llm, then backup',
    verdict: 'PASS',
  });
  const twice: Arrival[] = [['llm', 11, true], ...MOVED_ON];
  expect(judged(FIRST, 200, twice)?.verdict).toBe('PASS');
});

test('a refused connection, which leaves no receipt, passes as well', () => {
  expect(judged('fallback refuse at llm in chat', 200, [['backup', 18]])?.verdict).toBe('PASS');
});

test.each<[string, number, Arrival[]]>([
  ['that ends with the failure', 502, [['llm', 12, true]]],
  ['that no upstream served', 200, [['llm', 12, true]]],
  ['that failed although the next upstream was called', 502, MOVED_ON],
  [
    'for which both upstreams were called in another order',
    200,
    [
      ['backup', 11],
      ['llm', 12, true],
    ],
  ],
])('a call fails %s', (_, status, arrivals) => {
  expect(judged(FIRST, status, arrivals)?.verdict).toBe('FAIL');
});

test('if all upstreams fail, the caller must get an error', () => {
  const both: Arrival[] = [
    ['llm', 12, true],
    ['backup', 18, true],
  ];
  expect(judged(ALL, 502, both)).toMatchObject({
    check: 'falls back after status-429: llm, backup, chat',
    expected: 'an error, without a further upstream',
    verdict: 'PASS',
  });
  expect(judged(ALL, 200, both)?.verdict).toBe('FAIL');
  const told = metric('errors_in_streams', 30, 1, { phase: ALL });
  expect(judged(ALL, 200, both, [told])?.verdict).toBe('PASS');
});

test('after a failure of the caller, no other upstream may be called', () => {
  expect(judged(NEVER, 422, [['llm', 12, true]])).toMatchObject({
    check: 'does not fall back after 422: llm, chat',
    verdict: 'PASS',
  });
  expect(judged(NEVER, 200, MOVED_ON)?.verdict).toBe('FAIL');
  expect(judged(NEVER, 422, MOVED_ON)?.verdict).toBe('FAIL');
  expect(judged(NEVER, 200, [['llm', 12, true]])?.verdict).toBe('FAIL');
});

test.each<[string, number, Arrival[]]>([
  ['the fault did not act', 200, [['llm', 12]]],
  ['no upstream was called', 503, []],
])('too little to judge: %s', (_, status, arrivals) => {
  expect(judged(FIRST, status, arrivals)?.verdict).toBe('INCONCLUSIVE');
});

test('a call that the machine kept waiting may have been given up', () => {
  const slow = [starved('service', 0, 1, 0), starved('service', 0, 600, 600)];
  const events = [
    ...phased({ name: FIRST, from: 0, statuses: [504], arrivals: [['llm', 12, true]] }).map((event) =>
      event.type === 'request' ? { ...event, ms: 700 } : event,
    ),
    ...slow,
  ];
  expect(fallsBack.judge(new History(events), factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
});

test('without a call, nothing is judged', () => {
  expect(fallsBack.judge(new History([phase(FIRST, 0, 0)]), factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
  expect(fallsBack.judge(new History([]), factsOf())).toEqual([]);
});
