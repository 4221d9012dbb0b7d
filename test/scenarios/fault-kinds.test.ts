import { expect, test } from 'vitest';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import { failureRow, ON_PORT, quickOf, WAITING } from '../../scenarios/lib/faults/fault-kinds.ts';

const SLOW = { kind: 'latency', milliseconds: 300_000 };
const STATUS = { kind: 'status', status: 500 };

test.each([
  ['a list that ends in refuse', [STATUS, SLOW, { kind: 'refuse' }], 'status'],
  ['a list that ends in a latency of 300 s', [{ kind: 'reset' }, SLOW], 'reset'],
  ['a status among others', [{ kind: 'hang' }, { kind: 'malformed-json' }, STATUS, { kind: 'reset' }], 'status'],
  ['a fault of streams beside another', [{ kind: 'html-page' }, { kind: 'cut-stream' }], 'html-page'],
  ['a fault of streams alone', [{ kind: 'hang' }, { kind: 'cut-stream' }], 'cut-stream'],
  ['none', [{ kind: 'hang' }, { kind: 'refuse' }], undefined],
])('takes a failure that fails a call at once from %s', (_, failures, kind) => {
  expect(quickOf(failures)?.kind).toBe(kind);
});

test('knows which kinds act on the port', () => {
  const all = [...upstreamFaults.values()];
  expect(all.filter(({ actsOn }) => actsOn === 'port').map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([...ON_PORT]),
  );
  expect(all.filter(({ actsOn }) => actsOn === 'port')).toHaveLength(ON_PORT.length);
  expect(all.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...WAITING]));
});

const rowOf = (failures: { kind: string }[], length: number, first?: number) =>
  failureRow(failures, length, first).map(({ kind }) => kind);

test('a row of failures goes through the kinds in turn, and waits for one of them at most', () => {
  expect(rowOf([{ kind: 'hang' }, STATUS, { kind: 'reset' }], 5)).toEqual([
    'hang',
    'status',
    'reset',
    'reset',
    'status',
  ]);
  expect(rowOf([{ kind: 'refuse' }, STATUS, SLOW], 4, 1)).toEqual(['latency', 'status', 'status', 'status']);
  expect(rowOf([SLOW, { kind: 'hang' }, { kind: 'stall' }, STATUS], 3)).toEqual(['latency', 'status', 'status']);
});
