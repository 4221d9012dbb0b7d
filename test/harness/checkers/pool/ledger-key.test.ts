import { expect, test } from 'vitest';
import { acknowledgedInAnOutage } from '../../../../harness/checkers/pool/acknowledged-in-an-outage.ts';
import { compareWithLedger, whyNoKey } from '../../../../harness/checkers/pool/ledger.ts';
import { ledgerKeepsRow } from '../../../../harness/checkers/pool/ledger-keeps-row.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, T0 } from '../../../support/history.ts';

const unique = (n: number): string => `1-${n}-mx350sbq`;
const ledger = { endpoint: 'main', table: 'answers', column: 'question', key: '${unique}', acknowledged: [201] };
const calls = [1, 2, 12].map((n) => request(n, 5, 201, { endpoint: 'main', key: unique(n) }));
const stored = (...keys: string[]) => ({
  type: 'stored' as const,
  at: T0 + 100,
  rows: Object.fromEntries(keys.map((key) => [key, 1])),
});

test('a key that no row can have is named, with the row that was found and the line that matches it', () => {
  expect(whyNoKey(ledger, stored(`hello ${unique(1)}`, `hello ${unique(2)}`), calls)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: 'no row has the key "1-1-mx350sbq"; there is one with "hello 1-1-mx350sbq"',
    usually: expect.stringContaining('write `key: "hello ${unique}"` instead of "${unique}"'),
    changes: [{ path: ['ledger', 'key'], value: 'hello ${unique}' }],
    lasting: true,
  });
  const hello = calls.map((call) => ({ ...call, tags: { ...call.tags, key: `hello ${call.tags.key}` } }));
  const other = whyNoKey({ ...ledger, key: 'hello ${unique}' }, stored(unique(12)), hello);
  expect(other).toMatchObject({ changes: [{ value: '${unique}' }] });
});

test('rows that are really missing are losses', () => {
  expect(whyNoKey(ledger, stored(), calls)).toBeUndefined();
  expect(whyNoKey(ledger, stored('hello 1-9-mx350sbq', '1-1-mx350'), calls)).toBeUndefined();
  expect(whyNoKey(ledger, stored(unique(1), `hello ${unique(2)}`), calls)).toBeUndefined();
  expect(whyNoKey(ledger, stored(unique(1), unique(2), unique(12)), calls)).toBeUndefined();
  expect(compareWithLedger(ledger, stored(unique(1)), calls).lost).toHaveLength(2);
});

test('the checks of a ledger say so instead of a loss', () => {
  const { ledger: own } = facts().contract;
  if (!own) throw new Error('no ledger');
  const { endpoint } = own;
  const made = (phase: string, about?: string) =>
    request(1, 5, own.acknowledged[0] ?? 0, { phase, endpoint, key: unique(1), ...(about && { about }) });
  const read = (...keys: string[]) =>
    new History([
      begun(1, { action: 'endpoint', endpoint }, 0, 0),
      begun(2, { action: 'steady again' }, 50, 0),
      made('1'),
      made('2'),
      stored(...keys),
    ]);
  expect(ledgerKeepsRow.judge(read(`x ${unique(1)}`), facts())[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(ledgerKeepsRow.judge(read('x'), facts())[0]).toMatchObject({ verdict: 'FAIL' });
  expect(acknowledgedInAnOutage.judge(read('x'), facts())[0]).not.toMatchObject({ changes: expect.anything() });
});
