import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Circumstances } from '../../../faults/kinds/lib/fault.ts';
import { FaultPlan } from '../../../faults/plan/fault-plan.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { UpstreamServer } from '../../../faults/server/server.ts';
import { createGroq } from '../../../mocks/groq/groq.ts';

/** Serves a fake over plain HTTP with a fault that answers with a text, by default with the URL of the request. */
async function startServer(textOf: (request: Circumstances) => string | Promise<string> = ({ url }) => url) {
  const plan = new FaultPlan(() => 'f1');
  const receipts = new Receipts();
  const server = await UpstreamServer.start({
    name: 'groq',
    upstream: () => createGroq({ seed: 'x' }),
    plan,
    receipts,
    elsewhere: { originFor: async () => '' },
  });
  const answer = async (request: Circumstances) => new Response(await textOf(request));
  plan.add({ kind: 'told', options: {}, scope: {}, actions: { answer } });
  return {
    url: server.url,
    receipts,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test.each([
  ['/v1/chat?x=1', '/v1/chat?x=1'],
  ['http://elsewhere.example/v1/chat', '/v1/chat'],
  ['http://elsewhere.example', '/'],
])("a fault knows the URL of a request to %s at the upstream's own address", async (target, path) => {
  await using server = await startServer();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(`GET ${target} HTTP/1.1\r\nhost: elsewhere.example\r\nconnection: close\r\n\r\n`);
  expect(String(await buffer(socket))).toContain(`\r\n${server.url}${path}\r\n`);
});

test('a receipt says which credentials came, and contains no part of them', async () => {
  await using server = await startServer();
  const secret = 's3cr3t-k3y';
  await fetch(server.url, {
    headers: { authorization: `Bearer ${secret}`, 'x-api-key': secret, cookie: `id=${secret}`, accept: 'text/plain' },
  });
  await fetch(server.url);
  const [first, second] = server.receipts.after(0);
  expect(first).toMatchObject({ credentials: ['authorization: bearer', 'cookie', 'x-api-key'] });
  expect(JSON.stringify(first)).not.toContain(secret);
  expect(second).not.toHaveProperty('credentials');
});

test("a receipt has the unique texts of scripts' calls in its path and body", async () => {
  await using fake = await startServer();
  const [first, second] = [1, 2].map((number) => `1-${number}-${Date.now().toString(36)}`);
  await fetch(`${fake.url}/items/${first}`, { method: 'POST', body: JSON.stringify({ text: `hello ${second}` }) });
  await fetch(fake.url);
  const [marked, plain] = fake.receipts.after(0);
  expect(marked).toMatchObject({ unique: [first, second] });
  expect(plain).not.toHaveProperty('unique');
});

test('a receipt says why a fake failed, because the service had no chance then', async () => {
  await using fake = await startServer(() => {
    throw new RangeError('Invalid string length');
  });
  expect((await fetch(fake.url)).status).toBe(500);
  expect(fake.receipts.after(0)).toMatchObject([{ status: 500, unserved: 'the fake failed: Invalid string length' }]);
});
