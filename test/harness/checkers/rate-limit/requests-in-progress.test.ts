import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { requestsInProgress } from '../../../../harness/checkers/rate-limit/requests-in-progress.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, verdicts } from '../../../support/history.ts';

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

const AT_ONCE = begun(1, { action: 'at once', endpoint: 'health' }, 0, 0);

const RIGHT = [200, 200, 200, 429, 429];

function findings({ first = RIGHT, again = RIGHT, others = [200, 200, 200], othersAfter = 150, lastAfter = 1 }: Sent) {
  const send = (statuses: number[], from: number, phase: string, about: string, late = 1): HistoryEvent[] =>
    statuses.map((status, index) => {
      const after = from + (index === statuses.length - 1 ? late : 0);
      return request(after, status === 200 ? 500 : 5, status, { phase, about, endpoint: 'health' });
    });
  const history = new History([
    AT_ONCE,
    ...send(first, 10, '1', 'burst', lastAfter),
    begun(2, { action: 'at once again', endpoint: 'health' }, 1_000, 0),
    ...send(again, 1_010, '2', 'burst'),
    ...send(others, 1_010 + othersAfter, '2', 'other client'),
  ]);
  return requestsInProgress.judge(history, GIVEN);
}

function judged(sent: Sent) {
  const found = verdicts(findings(sent));
  return [
    found['allows exactly N requests in progress: at once: health'],
    found['allows exactly N requests in progress: at once again: health'],
    found['other clients unaffected by requests in progress: health'],
  ];
}

test('a service that allows exactly N passes', () => {
  expect(findings({})).toMatchObject([
    { requests: [{ phase: '1', about: 'burst' }], observed: '3 × 200, 2 × 429', verdict: 'PASS' },
    { requests: [{ phase: '2', about: 'burst' }], observed: '3 × 200, 2 × 429', verdict: 'PASS' },
    { requests: [{ phase: '2', about: 'other client' }], observed: '3 × 200', verdict: 'PASS' },
  ]);
});

test.each<[string, Sent, string[]]>([
  ['one more is served', { first: [200, 200, 200, 200, 429] }, ['FAIL', 'PASS', 'PASS']],
  ['one fewer is served', { first: [200, 200, 429, 429, 429] }, ['FAIL', 'PASS', 'PASS']],
  ['all are served', { first: [200, 200, 200, 200] }, ['FAIL', 'PASS', 'PASS']],
  ['one more is served, and another one fails', { first: [200, 200, 200, 200, 503] }, ['FAIL', 'PASS', 'PASS']],
  ['slots are lost after a while', { again: [200, 429, 429, 429, 429] }, ['PASS', 'FAIL', 'PASS']],
  ['all slots are lost', { again: [429, 429, 429, 429, 429] }, ['PASS', 'FAIL', 'PASS']],
  ['the others get another status', { first: [200, 200, 200, 503, 503] }, ['FAIL', 'PASS', 'PASS']],
  ['another client is refused', { others: [200, 429, 200] }, ['PASS', 'PASS', 'FAIL']],
])('if %s, the service fails', (_, sent, expected) => {
  expect(judged(sent)).toEqual(expected);
});

test.each<[string, Sent, string[]]>([
  ['a request came when others had ended', { lastAfter: 450 }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['a request failed', { first: [200, 200, 200, 429, 503] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['the others get no answer', { first: [200, 200, 200, 0, 0] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['the others get different answers', { first: [200, 200, 200, 500, 503] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['a request came just before the first answer', { lastAfter: 401 }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['there were too few requests', { first: [200, 200, 200] }, ['INCONCLUSIVE', 'PASS', 'PASS']],
  ['the other client came just too late', { othersAfter: 399 }, ['PASS', 'PASS', 'INCONCLUSIVE']],
  ['the other client came too late', { othersAfter: 450 }, ['PASS', 'PASS', 'INCONCLUSIVE']],
  ['a breaker refused all', { again: Array(5).fill(503), others: [503] }, ['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']],
  ['the limit was not used up', { again: [200, 200, 200] }, ['PASS', 'INCONCLUSIVE', 'INCONCLUSIVE']],
])('nothing is proved if %s', (_, sent, expected) => {
  expect(judged(sent)).toEqual(expected);
});

test('requests that came just early enough count', () => {
  expect(judged({ lastAfter: 400, othersAfter: 398 })).toEqual(['PASS', 'PASS', 'PASS']);
});

test('a request that fails on the side of the generator proves nothing', () => {
  const lost = { ...request(10, 5, 0, { phase: '1', about: 'burst', error_code: '1101' }), opened: false };
  const served = Array.from({ length: 3 }, () =>
    request(10, 500, 200, { phase: '1', about: 'burst', endpoint: 'health' }),
  );
  const refused = request(10, 5, 429, { phase: '1', about: 'burst', endpoint: 'health' });
  const history = new History([AT_ONCE, ...served, refused, lost]);
  expect(requestsInProgress.judge(history, GIVEN)[0]?.verdict).toBe('INCONCLUSIVE');
});

test('if only the first burst was sent, the others are INCONCLUSIVE', () => {
  const [first, ...others] = requestsInProgress.judge(new History([AT_ONCE]), GIVEN);
  expect([first, ...others].map((finding) => finding?.verdict)).toEqual(Array(3).fill('INCONCLUSIVE'));
});

test('nothing is judged without such a limit', () => {
  expect(requestsInProgress.judge(new History([AT_ONCE]), facts())).toEqual([]);
  expect(requestsInProgress.judge(new History([]), GIVEN)).toEqual([]);
});
