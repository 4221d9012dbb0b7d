import { expect, test } from 'vitest';
import { callsCounted } from '../../../../harness/checkers/foundation/calls-counted.ts';
import { History } from '../../../../harness/history/history.ts';
import { connection, facts } from '../../../support/history.ts';

test('calls inside TLS void the record, because the service can not be blamed for calls that nobody counts', () => {
  const plain = connection(1, 0, 'queue');
  const encrypted = [2, 3].map((seq) => ({ ...connection(seq, 10, 'cache'), encrypted: true }));
  expect(callsCounted.judge(new History([plain, ...encrypted]), facts())).toMatchObject([
    { observed: '2 connections to cache used TLS', verdict: 'INCONCLUSIVE', voids: 'everything' },
  ]);
  expect(callsCounted.judge(new History([plain]), facts())).toMatchObject([
    { observed: 'none of 1 connection used TLS', verdict: 'PASS' },
  ]);
});

test("requests to the limiter's store may be inside TLS, because nothing is compared with them", () => {
  const { contract, ...rest } = facts();
  const made = [connection(1, 0, 'queue'), { ...connection(2, 0, 'cache'), encrypted: true as const }];
  const withStore = { ...rest, contract: { ...contract, limiter: { ...contract.limiter, store: 'cache' } } };
  expect(callsCounted.judge(new History(made), withStore)[0]?.verdict).toBe('PASS');
  expect(callsCounted.judge(new History(made), facts())[0]?.verdict).toBe('INCONCLUSIVE');
});
