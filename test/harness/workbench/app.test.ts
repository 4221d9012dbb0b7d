import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { Refusal } from '../../../faults/base/refusal.ts';
import { listen } from '../../../harness/base/listen.ts';
import { labApp } from '../../../harness/workbench/app.ts';
import type { Broadcast } from '../../../harness/workbench/broadcast.ts';
import type { Workbench } from '../../../harness/workbench/workbench.ts';
import { facts } from '../../support/history.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const TOKEN = 'the-token-of-this-test';

/**
 * Starts a lab's server with a workbench that does nothing. Returns a function that sends requests with any headers.
 */
async function served() {
  const folder = await temporaryFolder({ 'report.html': 'a report' });
  const done: unknown[] = [];
  const workbench = {
    contract: facts().contract,
    bench: undefined,
    runs: [{ number: 1, run: { folder } }],
    get load() {
      return done.at(-1);
    },
    set load(load: unknown) {
      done.push(load);
    },
    busy: new Refusal('lab-busy', 'the lab is busy', 409),
    begin(name: string) {
      if (done.includes(name)) throw workbench.busy;
      done.push(name);
    },
  };
  const server = await listen(
    labApp({
      workbench: workbench as unknown as Workbench,
      broadcast: {} as Broadcast,
      token: TOKEN,
      page: '<p>the page</p>',
      scenarios: [
        { name: 'chaos/llm-outage', about: '' },
        { name: 'chaos/impostor', about: '', skipped: 'no upstream' },
      ],
    }),
  );
  onTestFinished(() => server[Symbol.asyncDispose]());
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET', body?: object) => {
    const { host, port } = new URL(server.url);
    const type = { 'content-type': 'application/json' };
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers: { host, ...type, ...headers } });
    sent.end(body && JSON.stringify(body));
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    const said = await text(response);
    const code = said.startsWith('{"error"') ? JSON.parse(said).error.code : undefined;
    return { status: response.statusCode, code, said, headers: response.headers };
  };
  return { ask, done, port: new URL(server.url).port };
}

test("the page requires the token, and can't be embedded in another page", async () => {
  const { ask } = await served();
  expect(await ask(`/${TOKEN}/`)).toMatchObject({
    status: 200,
    said: '<p>the page</p>',
    headers: { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
  });
  expect(await ask(`/${TOKEN}`)).toMatchObject({ status: 308, headers: { location: `/${TOKEN}/` } });
});

test.each([
  '/',
  '/wrong/',
  `/${TOKEN.slice(1)}/`,
  `/${TOKEN}x/`,
  `/${TOKEN.toUpperCase()}/`,
  '/api/load',
  `/?token=${TOKEN}`,
])('the path %s without a token is rejected', async (path) => {
  const { ask } = await served();
  expect(await ask(path)).toMatchObject({ status: 403, code: 'wrong-token' });
});

test.each([['evil.example'], ['127.0.0.1'], ['127.0.0.1:1'], ['localhost.evil.example:PORT'], ['[::1]:PORT']])(
  'the host "%s" is refused, whatever the token',
  async (host) => {
    const { ask, port } = await served();
    const answer = await ask(`/${TOKEN}/`, { host: host.replace('PORT', port) });
    expect(answer).toMatchObject({ status: 403, code: 'foreign-host' });
  },
);

test.each([
  ['http://evil.example'],
  ['null'],
  ['http://127.0.0.1:1'],
  ['https://127.0.0.1:PORT'],
  ['http://127.0.0.1'],
])('the origin "%s" is rejected, even with the token, and nothing is done', async (origin) => {
  const { ask, port, done } = await served();
  const headers = { origin: origin.replace('PORT', port) };
  const body = { name: 'chaos/llm-outage' };
  expect(await ask(`/${TOKEN}/api/scenarios`, headers, 'POST', body)).toMatchObject({
    status: 403,
    code: 'foreign-origin',
  });
  expect(done).toEqual([]);
});

test.each(['127.0.0.1', 'localhost'])('its own page at %s is accepted', async (name) => {
  const { ask, port, done } = await served();
  const headers = { host: `${name}:${port}`, origin: `http://${name}:${port}` };
  const load = { rates: { health: 5 }, clients: 2 };
  expect(await ask(`/${TOKEN}/api/load`, headers, 'PUT', load)).toMatchObject({ status: 200 });
  expect(done).toEqual([load]);
});

test.each([
  ['PUT', '/load', { rates: { nowhere: 5 }, clients: 1 }, 400, 'unknown-field'],
  ['PUT', '/load', { rates: { health: 51 }, clients: 1 }, 400, 'invalid-field'],
  ['PUT', '/load', { rates: {}, clients: 0 }, 400, 'invalid-field'],
  ['PUT', '/load', { rates: {}, clients: 1, seconds: 1 }, 400, 'unknown-field'],
  ['POST', '/scenarios', { name: 'chaos/earthquake' }, 400, 'invalid-field'],
  ['POST', '/scenarios', { name: 'chaos/impostor' }, 400, 'invalid-field'],
  ['POST', '/service/restarts', { signal: 'SIGSTOP' }, 400, 'invalid-field'],
  ['POST', '/upstreams/groq/faults', { kind: 'hang' }, 409, 'lab-busy'],
  ['DELETE', '/faults', undefined, 409, 'lab-busy'],
  ['GET', '/nowhere', undefined, 404, 'unknown-route'],
] as const)('%s %s %j is refused, and nothing is done', async (method, path, body, status, code) => {
  const { ask, done } = await served();
  expect(await ask(`/${TOKEN}/api${path}`, {}, method, body)).toMatchObject({ status, code });
  expect(done).toEqual([]);
});

test('a scenario is started once, and rejected a second time', async () => {
  const { ask } = await served();
  const body = { name: 'chaos/llm-outage' };
  expect(await ask(`/${TOKEN}/api/scenarios`, {}, 'POST', body)).toMatchObject({ status: 202 });
  expect(await ask(`/${TOKEN}/api/scenarios`, {}, 'POST', body)).toMatchObject({ status: 409, code: 'lab-busy' });
});

test("reports of the lab's own runs are served, and nothing else", async () => {
  const { ask } = await served();
  expect(await ask(`/${TOKEN}/runs/1/report.html`)).toMatchObject({ status: 200, said: 'a report' });
  for (const path of [
    '/runs/2/report.html',
    '/runs/1/..%2f..%2fetc%2fpasswd',
    '/runs/1/../../../etc/passwd',
    '/runs/1/',
  ]) {
    expect((await ask(`/${TOKEN}${path}`)).status).not.toBe(200);
  }
});
