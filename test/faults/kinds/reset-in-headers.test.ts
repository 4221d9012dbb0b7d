import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

test('reset-in-headers sends part of the head, then an RST', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'reset-in-headers' });
  using client = await RawClient.complete(lab);
  expect(await client.ended).toBe('ECONNRESET');
  expect(client.received).toBe('HTTP/1.1 200 OK\r\ncontent-ty');
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:reset-in-headers'], status: null, outcome: 'reset' }]);
});
