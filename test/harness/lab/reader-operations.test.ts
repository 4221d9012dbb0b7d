import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { readerOperations } from '../../../harness/lab/reader-operations.ts';

/** Calls a service as a reader. */
async function read(answer: (response: ServerResponse) => unknown) {
  const server = createServer((_, response) => void answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const operation = readerOperations(
    () => ({ url, pid: undefined }),
    () => url,
  ).find(({ path }) => path === '/readers');
  const request = { method: 'GET', path: '/chat', headers: {}, body: null };
  try {
    return await operation?.prepare({ params: {}, query: {}, body: request })({} as Response);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a reader gets each piece with its time, and never half a character', async () => {
  const [start, end] = [Buffer.from('né').subarray(0, 2), Buffer.from('né').subarray(2)];
  const response = await read(async (answer) => {
    answer.writeHead(201, { 'content-type': 'text/plain' }).write(start);
    await sleep(50);
    answer.end(end);
  });
  expect(response).toMatchObject({ status: 201, headers: { 'content-type': 'text/plain' }, isWhole: true });
  const { pieces } = response as { pieces: { at: number; text: string }[] };
  expect(pieces.map(({ text }) => text)).toEqual(['n', 'é']);
  expect((pieces[1]?.at ?? 0) - (pieces[0]?.at ?? 0)).toBeGreaterThan(30);
});

test('a response that breaks off is not whole, and no response has no status', async () => {
  expect(
    await read((answer) => {
      answer.writeHead(200, { 'content-length': 9 }).write('part');
      setTimeout(() => answer.destroy(), 20);
    }),
  ).toMatchObject({ status: 200, pieces: [{ text: 'part' }], isWhole: false });
  expect(await read((answer) => answer.destroy())).toMatchObject({ status: null, pieces: [], isWhole: false });
});
