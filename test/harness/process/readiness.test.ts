import type { RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { secrets } from '../../../harness/base/secrets.ts';
import { awaitReady } from '../../../harness/process/readiness.ts';

/** Serves a readiness endpoint, and returns its URL. */
async function serve(answer: RequestListener): Promise<string> {
  const server = await listen(answer);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return `${server.url}/`;
}

const RUNNING = { running: true };

test('a process is ready as soon as it responds with 2xx', async () => {
  let answered = 0;
  const url = await serve((_, response) => {
    answered += 1;
    response.writeHead(answered < 3 ? 503 : 204).end();
  });
  expect(await awaitReady(RUNNING, url, 10_000)).toEqual({ isReady: true });
  expect(answered).toBe(3);
});

test('the last response of a process that is not ready is told, without secrets', async () => {
  secrets.hide('key-of-the-database');
  const url = await serve((_, response) => {
    response.writeHead(500).end(`no connection\n with key-of-the-database ${'x'.repeat(300)}`);
  });
  const { isReady, answer } = await awaitReady(RUNNING, url, 50);
  expect(isReady).toBe(false);
  expect(answer).toBe(`500 with the body: no connection with REDACTED ${'x'.repeat(172)}…`);
});

test('redirects are followed within the origin only, and others are named', async () => {
  let elsewhere = 0;
  const there = await serve((_, response) => {
    elsewhere += 1;
    response.end();
  });
  const base = await serve(({ url: path = '' }, response) => {
    if (path === '/up') return response.end();
    const places: Record<string, string> = {
      '/host': there,
      '/relative': `//${new URL(there).host}/`,
      '/scheme': `https:${base.slice(5)}up`,
      '/user': base.replace('//', '//a:b@'),
    };
    return response.writeHead(308, { Location: places[path] ?? '/up' }).end();
  });
  expect(await awaitReady(RUNNING, `${base}own`, 10_000)).toEqual({ isReady: true });
  for (const path of ['/host', '/relative', '/scheme', '/user'])
    expect(await awaitReady(RUNNING, base + path.slice(1), 50)).toEqual({
      isReady: false,
      answer: expect.stringMatching(/^308, a redirect to .*, not followed$/),
    });
  expect(elsewhere).toBe(0);
});

test('an endless body is not read to its end', async () => {
  const url = await serve((_, response) => {
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.writeHead(404).on('drain', write);
    write();
  });
  expect((await awaitReady(RUNNING, url, 50)).answer).toBe(`404 with the body: ${'x'.repeat(200)}…`);
});

test('without a response, or once the process has ended, nothing is told', async () => {
  const silent = await serve((request) => request.socket.destroy());
  expect(await awaitReady(RUNNING, silent, 50)).toEqual({ isReady: false });
  const other = await serve((_, response) => response.end());
  expect(await awaitReady({ running: false }, other, 10_000)).toEqual({ isReady: false });
});

test('leaves no connection open, which a service would have to close before it exits', async () => {
  const wishes: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    wishes.push(request.headers.connection);
    response.writeHead(wishes.length < 2 ? 503 : 200).end();
  });
  await awaitReady(RUNNING, url, 10_000);
  expect(wishes).toEqual(['close', 'close']);
});
