import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

test.each([{ stream: true }, { stream: false }])(
  'slow-first-token sends the head at once and the body later, %j',
  async (options) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'slow-first-token', milliseconds: 200 });
    using client = await RawClient.complete(lab, options);
    await until(() => client.body.length > 0);
    const [head, first] = client.pieces;
    expect(head?.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    // The head was sent before the wait, the body after it.
    expect((first?.at ?? 0) - (head?.at ?? 0)).toBeGreaterThan(150);
    expect(await lab.receipts()).toMatchObject([{ faults: ['f1:slow-first-token'], status: 200, outcome: 'answered' }]);
  },
);

test.each([
  [{ stream: true }, 0],
  [{ stream: false }, 0],
  [{ stream: false }, 10],
])('stall %j sends the head and %d bytes, and then nothing until it is healed', async (options, bytes) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'stall', bytes });
  using client = await RawClient.complete(lab, options);
  await until(() => client.received.includes('\r\n\r\n') && client.body.length === bytes);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.body).toHaveLength(bytes);
  expect((await lab.control('GET', '/receipts')).body.receipts).toMatchObject([{ status: 200, outcome: 'open' }]);
  await lab.control('DELETE', '/faults');
  expect(await client.ended).toBe('end');
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:stall'], status: 200, outcome: 'stalled' }]);
});

test('a stalled response ends when the client disconnects', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'stall' });
  const client = await RawClient.complete(lab, { stream: true });
  await until(() => client.received !== '');
  client.socket.destroy();
  expect(await lab.receipts()).toMatchObject([{ status: 200, outcome: 'stalled' }]);
});
