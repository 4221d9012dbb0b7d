import { expect, test } from 'vitest';
import { stall } from '../../../faults/kinds/stall.ts';
import { askStream } from '../../mocks/ask-stream.ts';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';
import { circumstances } from './circumstances.ts';

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

/** Returns the bytes of a response in these chunks that arrive before it stalls. */
async function beforeItStalls(bytes: number, chunks: readonly string[] | null): Promise<string> {
  const body = chunks && ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  const stalled = stall.create({ bytes }).deliver?.(circumstances(AbortSignal.abort()), new Response(body));
  const received: string[] = [];
  const read = async () => {
    for await (const chunk of stalled?.body ?? []) received.push(new TextDecoder().decode(chunk));
  };
  await expect(read()).rejects.toThrow('stalled');
  return received.join('');
}

test.each([
  [0, ['abcd', 'efgh'], ''],
  [2, ['abcd', 'efgh'], 'ab'],
  [4, ['abcd', 'efgh'], 'abcd'],
  [6, ['abcd', 'efgh'], 'abcdef'],
  [9, ['abcd', 'efgh'], 'abcdefgh'],
  [6, null, ''],
])('stalls after %d bytes of %j', async (bytes, chunks, expected) => {
  expect(await beforeItStalls(bytes, chunks)).toBe(expected);
});

test('stalls after some events of a stream, and before the body of another response', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'stall', events: 2 });
  const stream = askStream(lab);
  using client = await RawClient.complete(lab);
  await until(() => client.received.includes('\r\n\r\n'));
  await until(async () => (await lab.control('GET', '/receipts/count')).body.open === 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await lab.control('DELETE', '/faults');
  expect((await stream).data).toHaveLength(2);
  expect(client.body).toBe('');
});
