import { expect, test } from 'vitest';
import { acknowledgedBeforeACrash } from '../../../../harness/checkers/pool/acknowledged-before-a-crash.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, T0 } from '../../../support/history.ts';

/** When the database crashes, in milliseconds after the start. */
const CRASH = 2_000;

const crash: HistoryEvent = {
  type: 'receipt',
  kind: 'refusing',
  seq: 1,
  upstream: 'database',
  at: T0 + CRASH,
  endedAt: T0 + CRASH + 300,
  faults: ['f1:restart'],
};

const stored = (rows: Record<string, number>, problem?: string): HistoryEvent => ({
  type: 'stored',
  at: T0 + 9_000,
  rows,
  ...(problem !== undefined && { problem }),
});

/** Each key with one row, except for other numbers. */
const rowsOf = (calls: readonly HistoryEvent[], others: Record<string, number> = {}): HistoryEvent =>
  stored({
    ...Object.fromEntries(calls.flatMap((call) => (call.type === 'request' ? [[call.tags.key ?? '', 1]] : []))),
    ...others,
  });

/** Calls that get their responses at these times, with the keys k0, k1 and so on. */
const written = (ends: readonly number[], status = 201): HistoryEvent[] =>
  ends.map((end, index) => request(end - 5, 5, status, { phase: '1', about: 'written', key: `k${index}` }));

const historyOf = (...events: HistoryEvent[]) =>
  new History([
    begun(1, { action: 'written until a crash' }, 0, 0),
    crash,
    begun(2, { action: 'steady again' }, 5_000, 0),
    ...events,
  ]);

const RECENT = written([1_200, 1_600, 1_900, 1_990, 2_010]);
const EARLY = written([100, 500, 800, 900, 999]);

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'all stored', [...RECENT, rowsOf(RECENT)]],
  ['FAIL', 'one lost', [...RECENT, rowsOf(RECENT, { k3: 0 })]],
  ['FAIL', 'one stored twice', [...RECENT, rowsOf(RECENT, { k0: 2 })]],
  ['FAIL', 'one lost, although there are few', [...written([1_990]), stored({})]],
  ['INCONCLUSIVE', 'all acknowledged long before', [...EARLY, rowsOf(EARLY)]],
  ['INCONCLUSIVE', 'none acknowledged', [...written([1_200, 1_300, 1_400, 1_500, 1_600], 503), stored({})]],
  ['INCONCLUSIVE', 'nobody reading the table', RECENT],
  ['INCONCLUSIVE', 'a table that can not be read', [...RECENT, stored({}, 'no such table')]],
])('%s for events written until a crash: %s', (verdict, _, events) => {
  expect(acknowledgedBeforeACrash.judge(historyOf(...events), facts())).toMatchObject([{ verdict }]);
});

test('is INCONCLUSIVE if the database did not crash', () => {
  const history = new History([begun(1, { action: 'written until a crash' }, 0, 0), ...RECENT, rowsOf(RECENT)]);
  expect(acknowledgedBeforeACrash.judge(history, facts())).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: 'the database did not crash' },
  ]);
});

test('says when lost events were acknowledged', () => {
  const history = historyOf(...RECENT, rowsOf(RECENT, { k3: 0, k4: 0, k0: 2 }));
  expect(acknowledgedBeforeACrash.judge(history, facts())).toMatchObject([
    {
      observed:
        '5 events acknowledged, 5 of them in the last second before the crash or later; 2 lost, 1 stored more than once',
      evidence: [
        'k3: 0 rows, acknowledged 10 ms before the crash',
        'k4: 0 rows, acknowledged 10 ms after the crash',
        'k0: 2 rows',
      ],
    },
  ]);
});
