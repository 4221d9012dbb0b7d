import { expect, test } from 'vitest';
import { fallsBack } from '../../../../harness/checkers/fallback/falls-back.ts';
import type { ActionPhase } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, STRAY, starved } from '../../../support/history.ts';
import { type Arrival, factsOf, fallbackFrom, NO_FALLBACK, phased } from './routed.ts';

const FIRST = fallbackFrom('503');
const ALL = fallbackFrom('status-429', ['llm', 'backup']);

const MOVED_ON: Arrival[] = [
  ['llm', 12, true],
  ['backup', 18],
];

function judged(data: ActionPhase, status: number, arrivals: readonly Arrival[], more: HistoryEvent[] = []) {
  const events = [
    STRAY,
    ...phased({ data, from: 0, statuses: [status], arrivals }),
    begun(2, { when: 'after', of: 1 }, 900, arrivals.length),
    metric('errors_in_streams', 910, 1, { phase: '2' }),
    ...more,
  ];
  return fallsBack.judge(new History(events), factsOf())[0];
}

test('a call that the next upstream serves passes', () => {
  expect(judged(FIRST, 200, MOVED_ON)).toMatchObject({
    check: 'falls back after 503: llm, chat',
    requests: [{ phase: '1' }],
    expected: 'served by backup',
    observed: '200 after calls to llm, then backup',
    verdict: 'PASS',
  });
  const twice: Arrival[] = [['llm', 11, true], ...MOVED_ON];
  expect(judged(FIRST, 200, twice)?.verdict).toBe('PASS');
});

test('a refused connection, which leaves no receipt, passes as well', () => {
  expect(judged(fallbackFrom('refuse'), 200, [['backup', 18]])?.verdict).toBe('PASS');
  expect(
    judged(fallbackFrom('refuse'), 200, [
      ['llm', 12],
      ['backup', 18],
    ])?.verdict,
  ).toBe('INCONCLUSIVE');
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

test('an answer that is not a success is described', () => {
  expect(judged(FIRST, 502, [['llm', 12, true]])?.observed).toBe('the caller got 502 after calls to llm');
  expect(judged(FIRST, 502, [])?.observed).toBe('the caller got 502 after calls to no upstream');
});

test('if all upstreams fail, the caller must get an error', () => {
  const both: Arrival[] = [
    ['llm', 12, true],
    ['backup', 18, true],
  ];
  expect(judged(ALL, 502, both)).toMatchObject({
    check: 'falls back after status-429: llm, backup, chat',
    expected: 'an error, and no call to another upstream',
    verdict: 'PASS',
  });
  expect(judged(ALL, 200, both)?.verdict).toBe('FAIL');
  expect(
    judged(ALL, 502, [
      ['llm', 12, true],
      ['backup', 18],
    ])?.verdict,
  ).toBe('INCONCLUSIVE');
  const reported = metric('errors_in_streams', 30, 1, { phase: '1' });
  expect(judged(ALL, 200, both, [reported])?.verdict).toBe('PASS');
});

test('after a failure of the caller, no other upstream may be called', () => {
  expect(judged(NO_FALLBACK, 422, [['llm', 12, true]])).toMatchObject({
    check: 'does not fall back after 422: llm, chat',
    verdict: 'PASS',
  });
  expect(judged(NO_FALLBACK, 200, MOVED_ON)?.verdict).toBe('FAIL');
  expect(judged(NO_FALLBACK, 422, MOVED_ON)?.verdict).toBe('FAIL');
  expect(judged(NO_FALLBACK, 200, [['llm', 12, true]])?.verdict).toBe('FAIL');
});

test.each<[string, number, Arrival[]]>([
  ['the fault did not act', 200, [['llm', 12]]],
  ['no upstream was called', 503, []],
])('too little to judge: %s', (_, status, arrivals) => {
  expect(judged(FIRST, status, arrivals)?.verdict).toBe('INCONCLUSIVE');
});

/** Judges a call during which the service waits for a processor for `waited` milliseconds. */
function slowly(data: ActionPhase, status: number, arrivals: readonly Arrival[], waited: number, ms = 700) {
  const events = phased({ data, from: 0, statuses: [status], arrivals }).map((event) =>
    event.type === 'request' ? { ...event, ms } : event,
  );
  const waits = [starved('service', 0, 1, 0), starved('service', 10, ms, waited)];
  return fallsBack.judge(new History([...events, ...waits]), factsOf())[0]?.verdict;
}

test('a call that the machine kept waiting may have been given up', () => {
  expect(slowly(FIRST, 504, [['llm', 12, true]], 499)).toBe('FAIL');
  expect(slowly(FIRST, 504, [['llm', 12, true]], 500)).toBe('INCONCLUSIVE');
  expect(slowly(FIRST, 504, [['llm', 12, true]], 500, 30_000)).toBe('FAIL');
});

test('a slow machine excuses no false answer, and changes no good one', () => {
  expect(slowly(FIRST, 200, [['llm', 12, true]], 600)).toBe('FAIL');
  expect(slowly(FIRST, 200, MOVED_ON, 600)).toBe('PASS');
  expect(slowly(NO_FALLBACK, 422, [['llm', 12, true]], 600)).toBe('PASS');
});

/** Judges a call without an answer after all upstreams have failed. */
function unanswered(changed: object) {
  const both: Arrival[] = [
    ['llm', 12, true],
    ['backup', 18, true],
  ];
  const events = phased({ data: ALL, from: 0, statuses: [0], arrivals: both }).map((event) =>
    event.type === 'request' ? { ...event, ...changed } : event,
  );
  return fallsBack.judge(new History(events), factsOf())[0];
}

test('a call without an answer is an error only if the connection was closed', () => {
  expect(unanswered({})?.verdict).toBe('PASS');
  expect(unanswered({ opened: false })?.verdict).toBe('INCONCLUSIVE');
  const tags = { phase: '1', about: 'failing', endpoint: 'chat', error_code: '1050' };
  expect(unanswered({ tags })).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringContaining('The call of backup has no timeout'),
  });
});

test('without a call, nothing is judged', () => {
  expect(fallsBack.judge(new History([begun(1, FIRST, 0, 0)]), factsOf())[0]?.verdict).toBe('INCONCLUSIVE');
  expect(fallsBack.judge(new History([]), factsOf())).toEqual([]);
});

test('calls are judged in the order in which they were made', () => {
  const events = [
    ...phased({ data: NO_FALLBACK, from: 0, statuses: [422], arrivals: [['llm', 12, true]] }),
    ...phased({ id: 2, data: FIRST, from: 100, seq: 1, arrivals: MOVED_ON }),
  ];
  expect(fallsBack.judge(new History(events), factsOf()).map(({ check }) => check)).toEqual([
    'does not fall back after 422: llm, chat',
    'falls back after 503: llm, chat',
  ]);
});
