import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHandlersUpstream } from '../../../../faults/sources/handlers/handlers-upstream.ts';
import { respond } from '../../../../faults/upstream/respond.ts';
import { ask } from '../ask-upstream.ts';
import { folderWith, serveHandlers } from './handler-files.ts';

const MSW = `import { http, HttpResponse, delay, passthrough } from 'msw';`;

test('relative paths, absolute URLs and wildcards are matched below the origin', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW}
      export const handlers = [
        http.get('/v2/relative', () => HttpResponse.text('relative')),
        http.get('https://api.payments.example/v2/users/:id', ({ params, request }) =>
          HttpResponse.json({ id: params.id, url: request.url, host: request.headers.get('host') })),
        http.get('*/v2/any/*', () => HttpResponse.text('any')),
      ];`,
  });
  expect(await (await ask(upstream, 'GET', '/v2/relative')).text()).toBe('relative');
  expect(await (await ask(upstream, 'GET', '/v2/users/u%201?x=1')).json()).toEqual({
    id: 'u 1',
    url: 'https://api.payments.example/v2/users/u%201?x=1',
    host: 'api.payments.example',
  });
  expect(await (await ask(upstream, 'GET', '/v2/any/thing')).text()).toBe('any');
});

test('`origin` precedes the path, and may have a base path', async () => {
  await using upstream = await serveHandlers(
    {
      'handlers.ts': `${MSW}
        export const handlers = [
          http.get('https://one.example/base/v2/x', () => HttpResponse.text('one')),
          http.get('https://two.example/v2/x', () => HttpResponse.text('two')),
        ];`,
    },
    { origin: 'https://one.example/base/' },
  );
  expect(await (await ask(upstream, 'GET', '/v2/x')).text()).toBe('one');
});

test('an unknown path gets a 404 with the method and the whole URL', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW} export const handlers = [http.get('https://api.example/v2/x', () => HttpResponse.text(''))];`,
  });
  const response = await ask(upstream, 'DELETE', '/v2/x');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error: { code: 404, message: 'no handler for DELETE https://api.example/v2/x' },
  });
});

test('status, headers, cookies, binary bodies and request bodies are unchanged', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW}
      export const handlers = [
        http.post('*/echo', async ({ request, cookies }) => {
          const headers = [['set-cookie', 'a=1; Path=/'], ['set-cookie', 'b=2'], ['x-cookie', cookies.session],
            ['content-type', request.headers.get('content-type')], ['x-key', request.headers.get('authorization')]];
          return new HttpResponse(await request.arrayBuffer(), { status: 201, headers });
        }),
        http.delete('*/gone', () => new HttpResponse(null, { status: 204, headers: { etag: '"1"' } })),
        http.head('*/size', () => new HttpResponse(null, { headers: { 'content-length': '7' } })),
      ];`,
  });
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const headers = { 'content-type': 'image/png', cookie: 'session=s1', authorization: 'Bearer k' };
  const echoed = await ask(upstream, 'POST', '/echo', { body: bytes, headers });
  expect(echoed.status).toBe(201);
  expect(new Uint8Array(await echoed.arrayBuffer())).toEqual(bytes);
  expect(echoed.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
  expect(Object.fromEntries(echoed.headers)).toMatchObject({
    'x-cookie': 's1',
    'content-type': 'image/png',
    'x-key': 'Bearer k',
  });
  const gone = await ask(upstream, 'DELETE', '/gone');
  expect([gone.status, gone.headers.get('etag'), gone.body]).toEqual([204, '"1"', null]);
  expect((await ask(upstream, 'HEAD', '/size')).headers.get('content-length')).toBe('7');
});

test('a stream arrives chunk by chunk, and is cancelled with the client', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW}
      let cancelled = false;
      export const handlers = [
        http.get('*/stream', () => new HttpResponse(new ReadableStream({
          start(controller) { controller.enqueue(new TextEncoder().encode('data: 1\\n\\n')); },
          cancel() { cancelled = true; },
        }), { headers: { 'content-type': 'text/event-stream' } })),
        http.get('*/cancelled', () => HttpResponse.json(cancelled)),
      ];`,
  });
  const response = await ask(upstream, 'GET', '/stream');
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
  await reader?.cancel();
  await expect.poll(async () => (await ask(upstream, 'GET', '/cancelled')).json()).toBe(true);
});

test("a stream's head does not wait for its first chunk, and a handler sees that its client has left", async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW}
      let hasLeft = false;
      export const handlers = [
        http.get('*/empty', () => new HttpResponse(new ReadableStream({}), { headers: { 'x-head': 'sent' } })),
        http.get('*/waits', async ({ request }) => {
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          hasLeft = true;
        }),
        http.get('*/left', () => HttpResponse.json(hasLeft)),
      ];`,
  });
  const empty = await ask(upstream, 'GET', '/empty');
  expect(empty.headers.get('x-head')).toBe('sent');
  await empty.body?.cancel();
  const leaving = new AbortController();
  const waiting = ask(upstream, 'GET', '/waits', { signal: leaving.signal }).catch((error) => error);
  // The request is only cancelled once it is on its way.
  await ask(upstream, 'GET', '/left');
  leaving.abort();
  expect(await waiting).toMatchObject({ how: 'client-gone' });
  await expect.poll(async () => (await ask(upstream, 'GET', '/left')).json()).toBe(true);
});

test('`once`, generators, delays and module state work, and a new upstream starts without any state', async () => {
  const files = {
    'handlers.ts': `${MSW}
      let count = 0;
      export const handlers = [
        http.get('*/once', () => HttpResponse.text('first'), { once: true }),
        http.get('*/once', () => HttpResponse.text('then')),
        http.get('*/count', async () => { await delay(1); return HttpResponse.json(++count); }),
        http.get('*/steps', function* () { yield HttpResponse.text('a'); return HttpResponse.text('b'); }),
      ];`,
  };
  const answers = async (): Promise<string[]> => {
    await using upstream = await serveHandlers(files);
    const texts: string[] = [];
    for (const path of ['/once', '/once', '/count', '/count', '/steps', '/steps']) {
      texts.push(await (await ask(upstream, 'GET', path)).text());
    }
    return texts;
  };
  const expected = ['first', 'then', '1', '2', 'a', 'b'];
  expect([await answers(), await answers()]).toEqual([expected, expected]);
});

test('a handler that throws responds with 500, a thrown response is sent, and a handler that passes through responds with 501', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW}
      export const handlers = [
        http.get('*/throws', () => { throw new TypeError('boom ✗'); }),
        http.get('*/refuses', () => { throw HttpResponse.json({ no: true }, { status: 403 }); }),
        http.get('*/passes', () => passthrough()),
        http.get('*/fails', () => HttpResponse.error()),
      ];`,
  });
  const unserved: string[] = [];
  const statusOf = async (path: string) => {
    const request = new Request(`https://fake.invalid${path}`);
    return (await respond(upstream, request, (why) => unserved.push(why))).status;
  };
  expect([await statusOf('/throws'), await statusOf('/refuses'), await statusOf('/passes')]).toEqual([500, 403, 501]);
  expect(unserved).toEqual([
    'the handler threw TypeError: boom ✗',
    'the handler GET */passes passes the request through, but there is no real server here',
  ]);
  await expect(ask(upstream, 'GET', '/fails')).rejects.toMatchObject({ how: 'cut' });
});

test('the module is bundled like a web application: no extensions, enums, JSON, paths, import.meta.env', async () => {
  await using upstream = await serveHandlers(
    {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'src/mocks/handlers.tsx': `${MSW}
        import { names } from '@/data';
        import fixture from './fixture.json';
        import logo from './logo.svg';
        enum Level { Low = 'low' }
        const Icon = <Props,>(props: Props) => logo as unknown as string;
        export default [http.get((import.meta.env.VITE_NOT_SET ?? '') + '/all', () =>
          HttpResponse.json({ names, fixture, level: Level.Low, mode: import.meta.env.MODE, icon: Icon(1).slice(0, 18) }))];`,
      'src/mocks/fixture.json': '{ "n": 1 }',
      'src/mocks/logo.svg': '<svg/>',
      'src/data/index.ts': `export const names: string[] = ['a'];`,
    },
    { file: 'src/mocks/handlers.tsx' },
  );
  expect(await (await ask(upstream, 'GET', '/all')).json()).toEqual({
    names: ['a'],
    fixture: { n: 1 },
    level: 'low',
    mode: 'test',
    icon: 'data:image/svg+xml',
  });
});

test('CommonJS, single exports and a server with handlers are found as well', async () => {
  const get = (name: string, text = name): string => `http.get('*/${name}', () => HttpResponse.text('${text}'))`;
  const required = `const { http, HttpResponse } = require('msw');`;
  const forms = {
    'handlers.cjs': `${required} module.exports = { others: [${get('a', 'other')}], handlers: [${get('a')}] };`,
    'single.cjs': `${required} exports.a = ${get('a')};`,
    'handlers.js': `${MSW} export const a = ${get('a')}; export const more = [${get('b')}];`,
    'handlers.mts': `${MSW} import { setupServer } from 'msw/node'; export const server = setupServer(${get('a')});`,
  };
  for (const [file, source] of Object.entries(forms)) {
    await using upstream = await serveHandlers({ [file]: source }, { file });
    expect(await (await ask(upstream, 'GET', '/a')).text(), file).toBe('a');
  }
});

test('a file that is missing, broken or without handlers is rejected with the reason', async () => {
  await using team = await folderWith({
    'broken.ts': 'export const handlers = [',
    'throws.ts': `throw new Error('no DATABASE_URL');`,
    'empty.ts': 'export const something = 1;',
    'exits.ts': 'process.exit(7);',
    'lost.ts': `import './lost/file';`,
    'several.ts': `${MSW} export default [http.get('https://a.example/', () => {}), http.get('https://b.example/', () => {})];`,
  });
  const refused = (file: string) => createHandlersUpstream({ file: join(team.folder, file) }).catch((error) => error);
  const reasons = {
    'none.ts': ['handlers-not-found', /none\.ts.*allowed: a JavaScript or TypeScript module/],
    'broken.ts': ['handlers-failed', /broken\.ts can't be read/],
    'throws.ts': ['handlers-failed', /throws\.ts can't be imported: Error: no DATABASE_URL[\s\S]*throws\.ts:1:7/],
    'empty.ts': ['no-handlers', /exports something; allowed: an array of MSW handlers/],
    'exits.ts': ['handlers-failed', /exit code 7/],
    'lost.ts': ['handlers-failed', /lost\/file/],
    'several.ts': ['ambiguous-origin', /origin: https:\/\/a\.example \| https:\/\/b\.example/],
  } as const;
  for (const [file, [code, message]] of Object.entries(reasons)) {
    expect(await refused(file), file).toMatchObject({ code, message: expect.stringMatching(message) });
  }
});

test('a folder without msw is rejected with the command that installs it', async () => {
  await using team = await folderWith({ 'handlers.ts': `${MSW} export default [http];` }, '');
  await expect(createHandlersUpstream({ file: join(team.folder, 'handlers.ts') })).rejects.toMatchObject({
    code: 'msw-not-found',
    message: expect.stringContaining('npm install --save-dev msw'),
  });
});

test('handlers of msw before version 2 are refused', async () => {
  const old = `export default [{ info: {}, run() {}, markAsSkipped() {} }];`;
  await using team = await folderWith({ 'handlers.ts': `import 'msw'; ${old}` });
  await expect(createHandlersUpstream({ file: join(team.folder, 'handlers.ts') })).rejects.toMatchObject({
    code: 'msw-too-old',
    message: expect.stringContaining('allowed: msw 2 or later'),
  });
});

test('a tsconfig.json that extends a missing one is left out', async () => {
  await using upstream = await serveHandlers({
    'tsconfig.json': '{ "extends": "not-installed" }',
    'handlers.ts': `${MSW} export default [http.get('*/a', () => HttpResponse.text('a'))];`,
  });
  expect(await (await ask(upstream, 'GET', '/a')).text()).toBe('a');
});

test('a request body of more than 16 MiB is refused before a handler gets it', async () => {
  await using upstream = await serveHandlers({
    'handlers.ts': `${MSW} export const handlers = [http.post('*/x', () => HttpResponse.text('got it'))];`,
  });
  const post = (bytes: number) => ask(upstream, 'POST', '/x', { body: Buffer.alloc(bytes) });
  expect((await post(2 ** 20)).status).toBe(200);
  expect((await post(2 ** 24 + 1)).status).toBe(413);
});
