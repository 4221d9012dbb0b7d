import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { requestsInProgress } from '../../../../harness/checkers/rate-limit/requests-in-progress.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, phase, request, verdicts } from '../../../support/history.ts';

const GIVEN: Facts = (() => {
  const given = facts();
  return { ...given, numbers: { ...given.numbers, requestsInProgress: { health: { max: 3, refusal: 429 } } } };
})();

interface Sent {
  /** The statuses of both bursts. Requests that are served take half a second. */
  first?: number[];
  again?: number[];
  /** The statuses of the other client's requests, and when they are sent, in milliseconds after the second burst. */
  others?: number[];
  othersAfter?: number;
  /** When the last request of the first burst is sent. */
  lastAfter?: number;
}

const RIGHT = [200, 200, 200, 429, 429];

function judged({ first = RIGHT, again = RIGHT, others = [200, 200, 200], othersAfter = 150, lastAfter = 1 }: Sent) {
  const send = (statuses: number[], from: number, name: string, about: string, late = 1): HistoryEvent[] =>
    statuses.map((status, index) => {
      const after = from + (index === statuses.length - 1 ? late : 0);
      return request(after, status === 200 ? 500 : 5, status, { phase: name, about, endpoint: 'health' });
    });
  const history = new History([
    phase('at once: health', 0, 0),
    ...send(first, 10, 'at once: health', 'burst', lastAfter),
    phase('at once again: health', 1_000, 0),
    ...send(again, 1_010, 'at once again: health', 'burst'),
    ...send(others, 1_010 + othersAfter, 'at once again: health', 'other client'),
  ]);
  const found = verdicts(requestsInProgress.judge(history, GIVEN));
  return [
    found['allows exactly N requests in progress: at once: health'],
    found['allows exactly N requests in progress: at once again: health'],
    found['other clients unaffected by requests in progress: health'],
  ];
}

test('a service that allows exactly N passes', () => {
  expect(judged({})).toEqual(['PASS', 'PASS', 'PASS']);
});

test.each<[string, Sent, string[]]>([
  ['one more is served', { first: [200, 200, 200, 200, 429] }, ['FAIL', 'PASS', 'PASS']],
  ['one fewer is served', { first: [200, 200, 429, 429, 429] }, ['FAIL', 'PASS', 'PASS']],
  ['slots are lost after a while', { again: [200, 429, 429, 429, 429] }, ['PASS', 'FAIL', 'PASS']],
  ['all slots are lost', { again: [429, 429, 429, 429, 429] }, ['PASS', 'FAIL', 'PASS']],
  ['another client is refused', { others: [200, 429, 200] }, ['PASS', 'PASS', 'FAIL']],
])('if %s, the service fails', (_, sent, expected) => {
  expect(judged(sent)).toEqual(expected);
});

test.each<[string, Sent, string[]]>([
  ['a request came when others had ended', { lastAfter: 450 }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['a request failed', { first: [200, 200, 200, 429, 503] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['there were too few requests', { first: [200, 200, 200] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['the other client came too late', { othersAfter: 450 }, ['PASS', 'PASS', 'INCONCLUSIVE']],
  ['the limit was not used up', { again: [200, 200, 200] }, ['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']],
])('nothing is proved if %s', (_, sent, expected) => {
  expect(judged(sent)).toEqual(expected);
});

test('nothing is judged without such a limit', () => {
  expect(requestsInProgress.judge(new History([phase('at once: health', 0, 0)]), facts())).toEqual([]);
  expect(requestsInProgress.judge(new History([]), GIVEN)).toEqual([]);
});
