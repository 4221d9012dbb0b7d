import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../../harness/base/listen.ts';
import { answersAt } from '../../../../harness/init/found/at-address.ts';
import { BUFFERS, sendForEver, startCounting } from '../../../support/counting-server.ts';

/** Serves 200 at these paths, with JSON, and 404 elsewhere. Returns the address. */
async function serving(answers: Record<string, object>): Promise<string> {
  const server = await listen(({ url = '' }, response) => {
    response.writeHead(url in answers ? 200 : 404).end(JSON.stringify(answers[url] ?? {}));
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server.url;
}

test('the path that says that a service is ready is found without a document', async () => {
  const address = await serving({ '/ping': {}, '/healthz': {} });
  expect((await answersAt(address, undefined))('readyPath', {})).toMatchObject({ answer: '/healthz', isKnown: true });
  expect((await answersAt(address, '/ping'))('readyPath', {})).toMatchObject({ answer: '/ping' });
  expect((await answersAt(await serving({}), '/health'))('readyPath', {})).toBeUndefined();
});

test('a service that answers everything with 2xx shows no path', async () => {
  await using server = await listen((_, response) => void response.end('{}'));
  expect((await answersAt(server.url, '/health'))('readyPath', {})).toBeUndefined();
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
