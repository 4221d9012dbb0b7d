import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { readerOperations } from '../../../harness/lab/reader-operations.ts';
import { REAL_TIME } from '../../support/real-time.ts';

/** Calls a service as a reader. */
async function read(answer: (response: ServerResponse) => unknown) {
  await using server = await listen((_, response) => void answer(response));
  const { url } = server;
  const operation = readerOperations(
    () => ({ url, pid: undefined }),
    () => url,
  ).find(({ path }) => path === '/readers');
  const request = { method: 'GET', path: '/chat', headers: {}, body: null };
  return await operation?.prepare({ params: {}, query: {}, body: request })({} as Response);
}

test('a reader gets each piece with its time, and never half a character', REAL_TIME, async () => {
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
