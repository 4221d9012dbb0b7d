import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answersAt } from '../../../../harness/init/found/at-address.ts';
import { BUFFERS, sendForEver, startCounting } from '../../../support/counting-server.ts';

/** Serves 200 at these paths, with JSON, and 404 elsewhere. Returns the address. */
async function serving(answers: Record<string, object>): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(url in answers ? 200 : 404).end(JSON.stringify(answers[url] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the path that says that a service is ready is found without a document', async () => {
  const address = await serving({ '/ping': {}, '/healthz': {} });
  expect((await answersAt(address, undefined))('readyPath', {})).toMatchObject({ answer: '/healthz', isKnown: true });
  expect((await answersAt(address, '/ping'))('readyPath', {})).toMatchObject({ answer: '/ping' });
  expect((await answersAt(await serving({}), '/health'))('readyPath', {})).toBeUndefined();
});

test('a service that answers everything with 2xx shows no path', async () => {
  const server = createServer((_, response) => void response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await answersAt(address, '/health'))('readyPath', {})).toBeUndefined();
});

test('endpoints are those of the document', async () => {
  const operation = { get: { responses: { 200: { description: 'ok' } } } };
  const document = {
    openapi: '3.0.3',
    info: { title: 'a', version: '1' },
    paths: { '/livez': operation, '/items': operation },
  };
  const address = await serving({ '/openapi.json': document, '/health': {}, '/livez': {} });
  expect((await answersAt(address, undefined))('endpoints', {})).toMatchObject({
    answer: 'GET /items',
    from: "the service's /openapi.json",
  });
});

test('a document without an end is no document, and is not read for ever', async () => {
  const endless = await startCounting(({ url }, response) => {
    if (url === '/openapi.json') sendForEver(response, JSON.stringify({ openapi: '3.0.3' }).padEnd(2 ** 16));
    else response.writeHead(404).end();
  });
  expect((await answersAt(endless.url, undefined))('endpoints', {})).toBeUndefined();
  await expect.poll(endless.sent).toBeGreaterThan(2 ** 20);
  expect(endless.sent()).toBeLessThan(16 * 2 ** 20 + BUFFERS);
});
