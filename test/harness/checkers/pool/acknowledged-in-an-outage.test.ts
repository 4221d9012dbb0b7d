import { expect, test } from 'vitest';
import { acknowledgedInAnOutage } from '../../../../harness/checkers/pool/acknowledged-in-an-outage.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, T0 } from '../../../support/history.ts';

const ENDPOINT = 'conversation-end';
const stored = (rows: Record<string, number>, problem?: string): HistoryEvent => ({
  type: 'stored',
  at: T0 + 9_000,
  rows,
  ...(problem !== undefined && { problem }),
});

/** Calls to the ledger endpoint in two outages, by their status, with the keys k0, k1 and so on. */
const outages = (first: number[], second: number[], ...more: HistoryEvent[]) => {
  let key = 0;
  const calls = (phase: string, statuses: number[]) =>
    statuses.map((status) => request(1, 5, status, { phase, about: 'during', endpoint: ENDPOINT, key: `k${key++}` }));
  return new History([
    begun(1, { action: 'database outage', fault: 'terminate' }, 0, 0),
    ...calls('1', first),
    begun(2, { action: 'database outage', fault: 'stop' }, 10, 0),
    ...calls('2', second),
    begun(3, { action: 'steady again' }, 20, 0),
    ...more,
  ]);
};

test.each<[string, string, History]>([
  ['PASS', 'each refused', outages([503, 503], [503, 503], stored({}))],
  ['PASS', 'those acknowledged in the ledger', outages([201, 503], [503, 201], stored({ k0: 1, k3: 1 }))],
  ['PASS', 'more in the ledger than was acknowledged', outages([503], [0, 503], stored({ k0: 1 }))],
  ['FAIL', 'one that was acknowledged not there', outages([201, 503], [503, 201], stored({ k0: 1 }))],
  ['FAIL', 'one there twice', outages([201], [503], stored({ k0: 2 }))],
  ['FAIL', 'one lost, though nobody was answered in the other outage', outages([201], [0], stored({}))],
  ['PASS', 'no answer in one outage', outages([503], [0, 0], stored({}))],
  ['INCONCLUSIVE', 'no call in one outage', outages([503], [], stored({}))],
  ['INCONCLUSIVE', 'nobody reading it', outages([503], [503])],
  ['INCONCLUSIVE', 'that it can not be read', outages([201], [503], stored({}, 'no such table'))],
  ['INCONCLUSIVE', 'no outage', new History([stored({})])],
])('%s for writes acknowledged in an outage: %s', (verdict, _, history) => {
  expect(acknowledgedInAnOutage.judge(history, facts())).toMatchObject([{ verdict }]);
});

test('reports lost and duplicate rows', () => {
  const [finding] = acknowledgedInAnOutage.judge(outages([201, 201], [503, 201], stored({ k1: 2, k3: 1 })), facts());
  expect(finding).toMatchObject({
    check: 'acknowledged in an outage is stored',
    expected: 'one row in conversation_events for each acknowledged event',
    observed: '3 of 4 events acknowledged; 1 lost, 1 stored more than once',
    evidence: ['k0: 0 rows', 'k1: 2 rows'],
  });
});

test('only considers calls to the ledger endpoint during an outage', () => {
  const history = outages([503], [503], stored({}));
  history.add(request(1, 5, 201, { phase: '4', about: 'during', endpoint: ENDPOINT, key: 'x' }));
  history.add(request(1, 5, 201, { phase: '2', about: 'during', endpoint: 'health', key: 'y' }));
  expect(acknowledgedInAnOutage.judge(history, facts())).toMatchObject([{ verdict: 'PASS' }]);
});
