import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { sendReceipts } from '../../../faults/receipts/send-receipts.ts';

test.each([0, 1, 1000, 2500])('sends %d receipts completely and in order', async (count) => {
  const receipts = new Receipts();
  for (let i = 0; i < count; i++) receipts.open('groq', 'GET', '/');
  const app = express().get('/', (_request, response) => sendReceipts(response, receipts, { after: 0 }));
  await using server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    headers: { connection: 'close' },
  });
  const body = (await response.json()) as { receipts: { seq: number }[] };
  expect(body).toMatchObject({ last: count, dropped: 0 });
  expect(body.receipts.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});
