import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

test.each([0, 1, 40])('reset-in-body sends the head and %d bytes of the body, then an RST', async (bytes) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'reset-in-body', bytes });
  using client = await RawClient.complete(lab);
  expect(await client.ended).toBe('ECONNRESET');
  expect(client.received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(client.body).toHaveLength(bytes);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:reset-in-body'], status: 200, outcome: 'reset' }]);
});

test('reset-in-body also resets a stream', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'reset-in-body', bytes: 300 });
  using client = await RawClient.complete(lab, { stream: true });
  expect(await client.ended).toBe('ECONNRESET');
  expect(client.body).toMatch(/^data: \{/);
  expect(await lab.receipts()).toMatchObject([{ status: 200, outcome: 'reset' }]);
});
