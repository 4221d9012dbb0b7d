import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFaultyUpstream } from 'proofload/testing';
import wrongCurrency from './wrong-currency.ts';

const openapi = join(import.meta.dirname, '../../shop.yaml');

test('changes the currency of the next price only', async () => {
  await using shop = await startFaultyUpstream(wrongCurrency, { currency: 'USD', next: 1 }, { openapi });
  const ask = async () => (await fetch(`${shop.url}/prices/tea`)).json();
  assert.deepEqual(await ask(), { price: 4.2, currency: 'USD' });
  assert.deepEqual(await ask(), { price: 4.2, currency: 'EUR' });
});

test('needs a currency', async () => {
  await assert.rejects(startFaultyUpstream(wrongCurrency, {}, { openapi }), /"currency" .* is missing/);
});
