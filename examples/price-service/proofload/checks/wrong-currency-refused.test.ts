import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, factsOf, History, receipt, request } from 'proofload/testing';
import contract from '../../proofload.config.ts';
import check from './wrong-currency-refused.ts';

const facts = factsOf(contract);

/** Calls with these statuses. Each call got a wrong price from the shop, except for the last ones. */
function called(statuses: number[], wrong = statuses.length): History {
  const tags = { phase: '1', endpoint: 'price' };
  return new History([
    begun(1, { own: 'wrong currency' }, 0, 0),
    ...statuses.map((status, index) => request(index, 5, status, tags)),
    ...statuses.map((_, index) => receipt(index + 1, index, 1, 'shop', index < wrong ? ['f1:wrong-currency'] : [])),
  ]);
}

const verdict = (history: History) => check.judge(history, facts)[0]?.verdict;

test('passes if each wrong price is refused', () => {
  assert.equal(verdict(called([502, 502, 502, 502, 502])), 'PASS');
});

test('fails if one is served', () => {
  assert.equal(verdict(called([502, 502, 200, 502, 502])), 'FAIL');
});

test('proves nothing with too few calls, or if the shop returned the right price', () => {
  assert.equal(verdict(called([502, 502])), 'INCONCLUSIVE');
  assert.equal(verdict(called([502, 502, 502, 502, 502], 4)), 'INCONCLUSIVE');
});
