import { expect, test } from 'vitest';
import { askStream } from '../../mocks/ask-stream.ts';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';
import { REAL_TIME } from '../../support/real-time.ts';

test.each([{ stream: true }, { stream: false }])(
  'slow-first-token sends the head at once and the body later, %j',
  REAL_TIME,
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

test('slow-first-token after some events delays the rest of a stream until it is healed', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'slow-first-token', milliseconds: 60_000, afterEvents: 2 });
  using client = await RawClient.complete(lab, { stream: true });
  await until(() => client.body.split('data: ').length > 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.body.split('data: ')).toHaveLength(3);
  await lab.control('DELETE', '/faults');
  await until(() => client.body.includes('[DONE]'));
  expect(await lab.receipts()).toMatchObject([{ status: 200, outcome: 'answered' }]);
});

test.each([
  ['the end of a stream with fewer events', { milliseconds: 200, afterEvents: 1_000 }],
  ['a stream several times', { milliseconds: 60, afterEvents: 2, times: 3 }],
])('slow-first-token delays %s', async (_, fields) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'slow-first-token', ...fields });
  const began = performance.now();
  const { data } = await askStream(lab);
  expect(data.at(-1)).toBe('[DONE]');
  expect(performance.now() - began).toBeGreaterThan(150);
});
