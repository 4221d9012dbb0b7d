import { connect } from 'node:tls';
import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { FaultPlan } from '../../../faults/plan/fault-plan.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { UpstreamServer } from '../../../faults/server/server.ts';
import { type Route, route } from '../../../faults/upstream/route.ts';
import { createGroq } from '../../../mocks/groq/groq.ts';
import { agentOf, startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

test('connections are kept alive', async () => {
  await using lab = await startFakeLab();
  await using agent = agentOf({ connect: { ca: lab.fakes.ca }, connections: 1 });
  let connections = 0;
  agent.on('connect', () => connections++);
  for (let i = 0; i < 5; i++) expect((await lab.complete({ dispatcher: agent })).status).toBe(200);
  expect(connections).toBe(1);
});

test('every request has a receipt, in the order of arrival', async () => {
  await using lab = await startFakeLab();
  await lab.complete();
  await lab.ask('mem0', 'GET', '/v1/ping/?x=1');
  await lab.complete();
  await lab.receipts('groq');
  const { body } = await lab.control('GET', '/receipts');
  expect(body).toMatchObject({
    last: 3,
    dropped: 0,
    receipts: [
      { seq: 1, upstream: 'groq', route: 'POST /openai/v1/chat/completions' },
      { seq: 2, upstream: 'mem0', path: '/v1/ping/?x=1', route: 'GET /v1/ping/' },
      { seq: 3, upstream: 'groq' },
    ],
  });
  for (const { at, endedAt } of body.receipts) {
    expect(endedAt).toBeGreaterThan(at);
    expect(Math.abs(Date.now() - at)).toBeLessThan(10_000);
  }
});

test("the receipt of a rejected request has the upstream's own error, and the model that was asked for", async () => {
  await using lab = await startFakeLab();
  await lab.complete({ body: { model: 'gpt-9', messages: [{ role: 'user', content: 'Hello' }] } });
  await lab.complete();
  const [refused, served] = await lab.receipts('groq');
  expect(refused).toMatchObject({
    status: 404,
    refusal: { code: 'model_not_found', message: expect.stringContaining('`gpt-9` does not exist'), model: 'gpt-9' },
  });
  expect(served).not.toHaveProperty('refusal');
});

test("an unknown path is rejected in the provider's format, with a receipt", async () => {
  await using lab = await startFakeLab();
  const groq = await lab.ask('groq', 'GET', '/openai/v2/chat');
  expect(groq.status).toBe(404);
  expect(JSON.parse(groq.text).error).toMatchObject({
    code: 'unknown_url',
    message: expect.stringContaining('GET /openai/v2/chat'),
  });
  const mem0 = await lab.ask('mem0', 'GET', '/v9/');
  expect(mem0.status).toBe(404);
  expect(JSON.parse(mem0.text)).toEqual({ detail: 'Not found.' });
  expect(await lab.receipts('groq')).toMatchObject([{ status: 404, outcome: 'answered' }]);
  expect(await lab.receipts('mem0')).toMatchObject([{ status: 404, outcome: 'answered' }]);
});

test('a body above 10 MiB is rejected with 413', async () => {
  await using lab = await startFakeLab();
  expect((await lab.complete({ body: 'x'.repeat(11 * 1024 * 1024) })).status).toBe(413);
});

test('a client that disconnects while sending its body is recorded', async () => {
  await using lab = await startFakeLab();
  const { port } = new URL(lab.fakes.upstreams.groq);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca: lab.fakes.ca });
  socket.write('POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model"');
  await until(async () => (await lab.control('GET', '/receipts/count')).body.open === 1);
  socket.destroy();
  expect(await lab.receipts()).toMatchObject([{ status: null, outcome: 'client-gone' }]);
});

/** Sends `GET /` to a server with a single handler, on a socket that doesn't read. */
async function requestOf(handler: Route) {
  const certificates = await keptCertificates();
  const receipts = new Receipts();
  const server = await UpstreamServer.start({
    name: 'groq',
    upstream: () => ({ ...createGroq({ seed: 'x' }), handlers: [handler] }),
    plan: new FaultPlan(() => 'f1'),
    receipts,
    certificates,
    elsewhere: { originFor: async () => '' },
  });
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', ca: certificates.ca }).pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  return {
    receipts,
    server,
    socket,
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a client that disconnects before the end of the response is recorded', async () => {
  await using exchange = await requestOf(route.get('*/', () => HttpResponse.text('x'.repeat(50_000_000))));
  await until(() => exchange.receipts.after(0).some((receipt) => 'status' in receipt && receipt.status === 200));
  exchange.socket.destroy();
  await until(() => exchange.receipts.count().open === 0);
  expect(exchange.receipts.after(0)).toMatchObject([{ status: 200, outcome: 'client-gone' }]);
});

test('a response that is ready after the connection has closed has no status', async () => {
  const thinking = Promise.withResolvers<void>();
  await using exchange = await requestOf(
    route.get('*/', async () => {
      await thinking.promise;
      return HttpResponse.text('late');
    }),
  );
  await until(() => exchange.receipts.count().open === 1);
  await exchange.server[Symbol.asyncDispose]();
  thinking.resolve();
  await until(() => exchange.receipts.count().open === 0);
  expect(exchange.receipts.after(0)).toMatchObject([{ status: null, outcome: 'client-gone' }]);
});

test.each(['TRACE / HTTP/1.1', 'OPTIONS * HTTP/1.1', 'GET http://[/ HTTP/1.1'])('survives "%s"', async (line) => {
  await using lab = await startFakeLab();
  const { port } = new URL(lab.fakes.upstreams.groq);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca: lab.fakes.ca });
  socket.end(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += chunk;
  expect(text).toMatch(/^HTTP\/1.1 40[04] /);
  expect((await lab.complete()).status).toBe(200);
});

test('an unknown Expect header is ignored, and the request has a receipt', async () => {
  await using lab = await startFakeLab();
  using client = await RawClient.connect(lab);
  client.socket.write('GET /openai/v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nexpect: tea\r\n\r\n');
  await until(() => client.received.startsWith('HTTP/1.1 200 OK'));
  expect(await lab.receipts()).toMatchObject([{ status: 200, outcome: 'answered' }]);
});
