import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { headOf, RawClient } from '../../mocks/raw-client.ts';

test('its side is closed while the client is still writing, and it continues to read', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'half-close' });
  using client = await RawClient.connect(lab);
  client.socket.write(headOf(30_000_000));
  client.socket.write('x'.repeat(1000));
  expect(await client.ended).toBe('end');
  expect(client.received).toBe('');

  // This is far more than the buffers can hold, so it can only be sent if the other side reads it.
  const rest = 'x'.repeat(20_000_000);
  await new Promise<void>((resolve, reject) =>
    client.socket.write(rest, (error) => (error ? reject(error) : resolve())),
  );
  client.socket.end();
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:half-close'], status: null, outcome: 'half-closed' }]);
});
