import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLab } from 'proofload';

const contract = new URL('proofload.config.ts', import.meta.url);

test('a price in another currency is refused, and the next one is served', async () => {
  await using lab = await startLab({ contract });
  await lab.fault('shop', { kind: 'wrong-currency', currency: 'USD', next: 1 });
  const wrong = await fetch(`${lab.url}/prices/tea`);
  assert.equal(wrong.status, 502);
  const right = await fetch(`${lab.url}/prices/tea`);
  assert.deepEqual(await right.json(), { item: 'tea', price: 4.2, currency: 'EUR' });
  const receipts = await lab.receipts('shop');
  assert.deepEqual(
    receipts.map(({ faults }) => faults),
    [['f1:wrong-currency'], []],
  );
});

test('the service passes its own scenario', async () => {
  await using lab = await startLab({ contract });
  const { verdict, scenarios } = await lab.run('own/wrong-currency');
  assert.equal(verdict, 'PASS', JSON.stringify(scenarios, null, 2));
});
