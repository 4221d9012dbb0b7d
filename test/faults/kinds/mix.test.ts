import { expect, test } from 'vitest';
import type { RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test('each member gets exactly its share, and receipts name the member', async () => {
  await using lab = await startFakeLab();
  const of = [
    { weight: 5, kind: 'status', status: 503 },
    { weight: 3, kind: 'status', status: 429, retryAfter: { seconds: 1 } },
    { weight: 2, kind: 'reset' },
  ];
  await lab.inject('groq', { kind: 'mix', of, rate: 0.5 });
  const statuses: unknown[] = [];
  for (let i = 0; i < 40; i++) statuses.push((await lab.complete().catch(({ code }) => ({ status: code }))).status);
  const count = (status: unknown) => statuses.filter((other) => other === status).length;
  expect([200, 503, 429, 'ECONNRESET'].map(count)).toEqual([20, 10, 6, 4]);
  const receipts = (await lab.receipts()) as RequestReceipt[];
  expect(receipts.filter(({ faults }) => faults[0] === 'f1:mix/status')).toHaveLength(16);
  expect(receipts.filter(({ faults }) => faults[0] === 'f1:mix/reset')).toHaveLength(4);
});
