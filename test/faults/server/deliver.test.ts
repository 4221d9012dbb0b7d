import { once } from 'node:events';
import { connect } from 'node:tls';
import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { FaultPlan } from '../../../faults/plan/fault-plan.ts';
import { Receipts } from '../../../faults/receipts/receipts.ts';
import { UpstreamServer } from '../../../faults/server/server.ts';
import { route } from '../../../faults/upstream/route.ts';
import { createGroq } from '../../../mocks/groq/groq.ts';
import { until } from '../../mocks/fake-lab.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

/** Starts a server with an endless response, and counts the chunks that it produces. */
async function startEndless() {
  const certificates = await keptCertificates();
  const receipts = new Receipts();
  const produced = { chunks: 0, isCancelled: false };
  const endless = route.get('*/', () => {
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve));
        produced.chunks++;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        produced.isCancelled = true;
      },
    });
    return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  const server = await UpstreamServer.start({
    name: 'groq',
    upstream: () => ({ ...createGroq({ seed: 'x' }), handlers: [endless] }),
    plan: new FaultPlan(() => 'f1'),
    receipts,
    certificates,
    elsewhere: { originFor: async () => '' },
  });
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', ca: certificates.ca });
  await once(socket, 'secureConnect');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  return { receipts, produced, socket, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a stream is produced no faster than the client reads it, and stops when the client disconnects', async () => {
  await using endless = await startEndless();
  const { produced, socket, receipts } = endless;
  await once(socket, 'data');
  socket.pause();
  let before = -1;
  await until(async () => {
    const isStill = produced.chunks === before;
    before = produced.chunks;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return isStill;
  });
  // The buffers on both sides hold a few megabytes. Without backpressure, the server would go on forever.
  expect(produced.chunks * 65_536).toBeLessThan(50_000_000);
  expect(produced.isCancelled).toBe(false);

  socket.destroy();
  await until(() => produced.isCancelled);
  expect(receipts.after(0)).toMatchObject([{ status: 200, outcome: 'client-gone' }]);
});
