import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';
import { numbersOf } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type * as Failures from '../../../scenarios/lib/failures.ts';

const SLOW = { kind: 'latency', milliseconds: 300_000 };
const STATUS = { kind: 'status', status: 500 };

const contract = await loadContract('service/proofload.config.ts');
const NOWHERE = { services: [], lab: { url: '', token: '' }, clientPrefix: '' };
const PROOFLOAD = JSON.stringify(scriptContext(contract, numbersOf(contract, 'fast'), NOWHERE, {}));
const script = await loadScript('scenarios/lib/failures.ts', { env: { PROOFLOAD } });
const { failureRow, isOnPort, isQuick, isWaiting, quickOf } = script as unknown as typeof Failures;

test.each([
  ['a list that ends in refuse', [STATUS, SLOW, { kind: 'refuse' }], 'status'],
  ['a list that ends in a latency of 300 s', [{ kind: 'reset' }, SLOW], 'reset'],
  ['a status among others', [{ kind: 'hang' }, { kind: 'malformed-json' }, STATUS, { kind: 'reset' }], 'status'],
  ['a fault of streams beside another', [{ kind: 'html-page' }, { kind: 'cut-stream' }], 'html-page'],
  ['only a fault of streams', [{ kind: 'hang' }, { kind: 'cut-stream' }], 'cut-stream'],
])('selects a failure that fails a call immediately from %s', (_, failures, kind) => {
  expect(quickOf(failures).kind).toBe(kind);
});

test('every failure of a breaker is either quick, waiting or on the port', () => {
  const failures = Object.values(contract.breakers).flatMap((breaker) => breaker.failures);
  expect(failures.length).toBeGreaterThan(10);
  for (const fault of failures) {
    expect([fault.kind, [isQuick, isWaiting, isOnPort].filter((is) => is(fault)).length]).toEqual([fault.kind, 1]);
  }
});

const rowOf = (failures: { kind: string }[], length: number, first?: number) =>
  failureRow(failures, length, first).map(({ kind }) => kind);

test('a row of failures cycles through the kinds, with at most one that waits', () => {
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
