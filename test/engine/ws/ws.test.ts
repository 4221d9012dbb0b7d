import { afterAll, expect, test } from 'vitest';
import { startEchoSockets } from '../echo-sockets.ts';
import { runSource } from '../run-source.ts';

const { url, stop } = await startEchoSockets();
afterAll(stop);

/** Runs the body of a default function. It can use `ws`, `say` and the server's URL. */
const run = (body: string, options: object = {}) =>
  runSource(
    `import ws from 'k6/ws';
    import { sleep } from 'k6';
    export const options = ${JSON.stringify(options)};
    const say = (...values) => console.log(values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)).join(' '));
    export default function () { const url = __ENV.URL; ${body} }`,
    { env: { URL: url } },
  );

test('waits until its connection is closed, and runs handlers in order in the meantime', async () => {
  const { said, errors, metrics } = await run(`
    const response = ws.connect(url + '/echo', { tags: { mine: 'yes' } }, (socket) => {
      say('set up');
      socket.on('open', () => { say('open'); socket.send('one'); });
      socket.on('message', (data) => {
        say('message', data);
        if (data === 'one') { sleep(0.05); socket.send('two'); socket.sendBinary(Uint8Array.of(1, 2, 3).buffer); }
      });
      socket.on('binaryMessage', (data) => { say('binary', new Uint8Array(data).join()); socket.close(); say('after close'); });
      socket.on('close', (code) => say('close', code));
    });
    say('done', response.status, response.url === url + '/echo', response.headers.Upgrade);`);
  expect(errors).toEqual([]);
  expect(said).toEqual([
    'set up',
    'open',
    'message one',
    'message two',
    'binary 1,2,3',
    'close 1001',
    'after close',
    'done 101 true websocket',
  ]);
  expect(metrics).toMatchObject({
    ws_sessions: { count: 1 },
    ws_msgs_sent: { count: 3 },
    ws_msgs_received: { count: 3 },
    ws_connecting: { avg: expect.any(Number) },
  });
  // The script slept for 50 ms of this time.
  expect(metrics.ws_session_duration?.avg).toBeGreaterThan(50);
});

test('runs timers until it is closed', async () => {
  const { said } = await run(`
    let ticks = 0;
    ws.connect(url + '/echo', (socket) => {
      socket.setInterval(() => { ticks += 1; if (ticks === 3) socket.setTimeout(() => socket.close(1000), 1); }, 20);
      for (const ms of [0, -1]) try { socket.setTimeout(() => {}, ms); } catch (error) { say(error.message); }
      socket.on('close', (code) => say('close', code));
    });
    say(ticks >= 3, ticks < 20);`);
  expect(said).toEqual([
    'setTimeout requires a >0 timeout parameter, received 0.00',
    'setTimeout requires a >0 timeout parameter, received -1.00',
    'close 1000',
    'true true',
  ]);
});

test('reports pings and pongs, and measures the time between them', async () => {
  const { said, metrics } = await run(`
    ws.connect(url + '/ping', (socket) => {
      socket.on('ping', () => { say('ping'); socket.ping(); });
      socket.on('pong', () => { say('pong'); socket.close(); });
    });`);
  expect(said).toEqual(['ping', 'pong']);
  expect(metrics.ws_ping?.avg).toBeGreaterThan(0);
});

test.each([
  ['/close', ['error websocket: close 4001: enough', 'close 4001']],
  ['/break', ['error websocket: close 1006 (abnormal closure): unexpected EOF', 'close 1006']],
])("receives the server's close on %s", async (path, expected) => {
  const { said } = await run(`
    const { status } = ws.connect(url + '${path}', (socket) => {
      socket.on('error', (error) => say('error', error.error()));
      socket.on('close', (code) => say('close', code));
    });
    say(status);`);
  expect(said).toEqual([...expected, '101']);
});

test('returns the response that rejected the upgrade', async () => {
  const refused =
    "const r = ws.connect(url + '/refuse', () => say('never')); say(r.status, r.body, r.headers['X-Why'], r.error);";
  expect((await run(refused)).said).toEqual(['403 no! no ']);
  const gone = "const r = ws.connect('ws://127.0.0.1:1/', () => say('never')); say(r.status, r.error);";
  expect((await run(gone)).said).toEqual(['0 dial tcp 127.0.0.1:1: connect: connection refused']);
  const thrown = `try { ${gone} } catch (error) { say(error.name); }`;
  expect((await run(thrown, { throw: true })).said).toEqual(['GoError']);
});

test('sends the given headers, on connections that the options allow', async () => {
  const body = `
    ws.connect(__ENV.URL.replace('127.0.0.1', 'a.test') + '/headers', { headers: { 'X-Mine': 'yes' } }, (socket) => {
      socket.on('message', (text) => {
        const headers = JSON.parse(text);
        say(headers['x-mine'], headers['user-agent'], headers['sec-websocket-extensions']);
        socket.close();
      });
    });`;
  const hosts = { 'a.test': '127.0.0.1' };
  expect((await run(body, { hosts, userAgent: 'mine/1' })).said).toEqual(['yes mine/1 ']);
  expect((await run(body.replace('{ headers', "{ compression: 'deflate', headers"), { hosts })).said).toEqual([
    expect.stringContaining('permessage-deflate'),
  ]);
  const blocked = await run("say(ws.connect('ws://a.test/', () => {}).error);", { hosts, blockHostnames: ['*.test'] });
  expect(blocked.said).toEqual(['hostname (a.test) is in a blocked pattern (*.test)']);
});

test('ends its iteration with the exception of a handler', async () => {
  const { errors, said, metrics } = await run(`
    ws.connect(url + '/echo', (socket) => {
      socket.on('open', () => { throw new Error('in a handler'); });
      socket.on('close', (code) => say('close', code));
    });
    say('never');`);
  expect([errors, said]).toEqual([['Error: in a handler'], ['close 1001']]);
  expect(metrics.ws_session_duration?.avg).toBeGreaterThan(0);
});

test('ends with its iteration', async () => {
  const { exitCode, said } = await run(
    "ws.connect(url + '/echo', (socket) => { socket.setInterval(() => say('tick'), 100); });",
    { scenarios: { one: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } },
  );
  expect(exitCode).toBe(0);
  expect(new Set(said)).toEqual(new Set(['tick']));
});

test.each([
  ['ws.connect(url)', 'invalid number of arguments to ws.connect'],
  ['ws.connect(url, {}, 1)', 'last argument to ws.connect must be a function'],
  ["ws.connect(url, { compression: 'zip' }, () => {})", "unsupported compression algorithm 'zip'"],
])('%s is rejected', async (call, why) => {
  expect((await run(`${call};`)).errors[0]).toContain(why);
});

test.each([
  ['http://x', 'malformed ws or wss URL'],
  ['', 'malformed ws or wss URL'],
  ['ws://user:word@127.0.0.1:1/', 'malformed ws or wss URL'],
  ['ws://', 'lookup : no such host'],
  ['wss://a:b', 'parse "wss://a:b": invalid port ":b" after host'],
  ['ws://127.0.0.1:99999/', 'dial tcp: address 99999: invalid port'],
  ['WS://127.0.0.1:1/#fragment', 'dial tcp 127.0.0.1:1: connect: connection refused'],
])('a connection to %j fails like in k6, is counted, and throws only with the throw option', async (address, why) => {
  const source = `say(JSON.stringify(ws.connect(${JSON.stringify(address)}, () => {})));`;
  const session = address === '' ? 'ws_sessions' : `ws_sessions{url:${address}}`;
  const { said, metrics } = await run(source, { thresholds: { [session]: ['count==1'] } });
  expect(said.map((text) => JSON.parse(text))).toEqual([{ url: '', status: 0, headers: {}, body: '', error: why }]);
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['ws_connecting', 'ws_session_duration']));
  expect(metrics[session]).toMatchObject({ count: 1 });
  expect((await run(source, { throw: true })).errors).toEqual([`GoError: ${why}`]);
});
