import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import { contractFile, proofload } from '../../support/command-line.ts';

test.each([
  ['a host without a scheme', 307, (port: number) => `//localhost:${port}/items?key=1`],
  ['another port', 302, (port: number) => `http://127.0.0.1:${port}/items`],
  ['an address with a user', 308, (port: number) => `http://a:b@localhost:${port}/items`],
])('the load does not follow a redirect to %s, and the result names it', async (_, status, place) => {
  let elsewhere = 0;
  const other = await listen((_request, response) => {
    elsewhere += 1;
    response.end('{}');
  });
  const location = place(Number(new URL(other.url).port));
  const service = await listen(({ url }, response) =>
    url === '/health' ? response.end() : response.writeHead(status, { location }).end(),
  );
  for (const server of [other, service]) onTestFinished(() => server[Symbol.asyncDispose]());
  const CONTRACT = await contractFile({
    name: 'moved',
    start: { running: { url: service.url }, readyPath: '/health', readySeconds: 5 },
    endpoints: { items: { method: 'GET', path: '/items', served: [200] } },
    profiles: { fast: {} },
  });
  const { code, text } = await (await proofload(['run', 'stress/smoke'], { CONTRACT })).exited;
  expect({ code, elsewhere }).toEqual({ code: 99, elsewhere: 0 });
  expect(text).toMatch(
    new RegExp(`${status} \\(redirect to (http:)?//(localhost|127.0.0.1):\\d+/items, not followed\\)`),
  );
});
