import type { Response } from 'express';
import { expect, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import { crowdOperations } from '../../../harness/lab/crowd-operations.ts';
import { leave } from '../../support/refusing-port.ts';

/** A service that answers every third request with 429, and notes who called. */
async function startService() {
  const callers: string[] = [];
  const server = await listen((request, response) => {
    callers.push(`${request.socket.remoteAddress} ${request.headers['x-forwarded-for'] ?? ''}`.trim());
    response.writeHead(callers.length % 3 === 0 ? 429 : 200).end('body');
  });
  return { ...server, callers };
}

function crowd(url: string, body: object): unknown {
  const [operation] = crowdOperations(() => url);
  const request = {
    method: 'GET',
    path: '/openapi.json',
    headers: {},
    body: null,
    callers: 9,
    seconds: 10,
    windowSeconds: 60,
  };
  return operation?.prepare({ params: {}, query: {}, body: { ...request, ...body } })({} as Response);
}

test('each caller has its own loopback address', async () => {
  await using service = await startService();
  expect(await crowd(service.url, {})).toMatchObject({ statuses: { 200: 6, 429: 3 } });
  expect(new Set(service.callers).size).toBe(9);
  expect(service.callers).toContain('127.8.0.2');
});

test('the responses of one window are counted', async () => {
  await using service = await startService();
  expect(await crowd(service.url, {})).toMatchObject({ inOneWindow: { 200: 6, 429: 3 } });
  const { inOneWindow } = (await crowd(service.url, { windowSeconds: 0.000_1 })) as { inOneWindow: { 200: number } };
  expect(inOneWindow[200]).toBeLessThan(6);
});

test('responses count with the statuses for which they stand', async () => {
  await using service = await startService();
  const meanings = [{ status: 200, means: 503, header: 'date' }];
  expect(await crowd(service.url, { meanings })).toMatchObject({ statuses: { 503: 6, 429: 3 } });
  const served = [{ status: 200, means: 200, without: 'errors' }];
  expect(await crowd(service.url, { meanings: served })).toMatchObject({ statuses: { [unserved(200)]: 6, 429: 3 } });
});

test('a placeholder in a header is replaced by the address of the caller', async () => {
  await using service = await startService();
  await crowd(service.url, { headers: { 'X-Forwarded-For': '${caller}, 10.0.0.1' }, callers: 251 });
  expect(new Set(service.callers).size).toBe(251);
  expect(service.callers).toContain('127.0.0.1 100.64.1.2, 10.0.0.1');
});

test('requests without a response count as 0', async () => {
  const service = await startService();
  await leave(service);
  expect(await crowd(service.url, {})).toMatchObject({ statuses: { 0: 9 } });
});

test('rejects too many callers', () => {
  expect(() => crowd('http://127.0.0.1:1', { callers: 2_001 })).toThrow('callers');
});
