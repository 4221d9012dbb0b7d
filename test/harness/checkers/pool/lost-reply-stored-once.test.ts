import { expect, test } from 'vitest';
import { lostReplyStoredOnce } from '../../../../harness/checkers/pool/lost-reply-stored-once.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connection, facts, request, T0 } from '../../../support/history.ts';

interface Case {
  statuses?: number[];
  /** The number of rows of each call's event. */
  rows?: number[];
  hit?: number;
  problem?: string;
  isRead?: boolean;
}

function judged({ statuses = [503, 503, 201], rows = [1, 1, 1], hit = 3, problem, isRead = true }: Case) {
  const stored: HistoryEvent = {
    type: 'stored',
    at: T0 + 1_000,
    rows: Object.fromEntries(rows.map((n, index) => [`k${index}`, n])),
    ...(problem !== undefined && { problem }),
  };
  const history = new History([
    begun(1, { action: 'lost replies' }, 0, 0),
    ...statuses.map((status, index) => request(10 + index, 5, status, { phase: '1', about: 'lost', key: `k${index}` })),
    request(20, 5, 200, { phase: '1', about: 'again', endpoint: 'conversation-read' }),
    ...Array.from({ length: hit }, (_, index) => ({
      ...connection(index, 10, 'database'),
      faults: ['f1:lost-reply', 'f2:latency'],
    })),
    { ...connection(9, 10, 'database'), faults: ['f2:latency'] },
    ...(isRead ? [stored] : []),
  ]);
  return lostReplyStoredOnce.judge(history, facts())[0];
}

test('events that are stored once pass, whether the service reports a failure or not', () => {
  expect(judged({})).toMatchObject({
    check: 'stored once although the reply is lost',
    requests: [{ phase: '1', about: 'lost' }],
    evidence: [],
    observed: '3 replies lost: 3 of 3 events stored, 0 of them more than once; 1 acknowledged, 0 of them not stored',
    verdict: 'PASS',
  });
});

test('an acknowledged event that is not stored fails', () => {
  expect(judged({ rows: [1, 1] })).toMatchObject({ verdict: 'FAIL', evidence: ['k2: 0 rows'] });
});

test.each<[string, Case]>([
  ['no reply was lost', { hit: 0 }],
  ['no event is stored', { statuses: [503], rows: [] }],
  ['the table was not read', { isRead: false }],
  ["the table can't be read", { problem: 'relation "x" does not exist' }],
])('nothing is proved if %s', (_, given) => {
  expect(judged(given)?.verdict).toBe('INCONCLUSIVE');
});

test('other phases are ignored', () => {
  expect(lostReplyStoredOnce.judge(new History([begun(2, { action: 'steady' }, 0, 0)]), facts())).toEqual([]);
});
