import { afterAll, expect, test } from 'vitest';
import { REAL_TIME } from '../../support/real-time.ts';
import { startEchoSockets } from '../echo-sockets.ts';
import { runSource } from '../run-source.ts';

const { url, stop } = await startEchoSockets();
afterAll(stop);

/**
 * Runs the body of an iteration. It can use `say` and `open(path)`, which returns a socket that logs its events under
 * that name.
 */
async function run(body: string) {
  const result = await runSource(
    `import { WebSocket } from 'k6/websockets';
    const say = (...values) => console.log(values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(' '));
    const attempt = (action) => { try { action(); } catch (error) { say(error.name, error.message); } };
    const connect = (path, ...args) => {
      const socket = new WebSocket(__ENV.URL + path, ...args);
      socket.onopen = () => say(path, 'open', socket.readyState);
      socket.onclose = ({ code, reason }) => say(path, 'close', code, reason, socket.readyState);
      socket.onerror = ({ error }) => say(path, 'error', error);
      socket.onpong = () => say(path, 'pong');
      socket.onmessage = ({ data, origin }) => say(path, data, origin === __ENV.URL + path);
      return socket;
    };
    export default function () { ${body} }`,
    { env: { URL: url } },
  );
  const counts = ['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received', 'ws_connecting', 'ws_session_duration', 'ws_ping'];
  const present = counts.flatMap((name) => {
    const metric = result.metrics[name];
    return metric ? [`${name} ${metric.count ?? ''}`.trim()] : [];
  });
  return { ...result, present };
}

// The expected behavior is that of k6 v2.2.0.
test('messages, pings and the close are sent in any order', REAL_TIME, async () => {
  const { said, present } = await run(`
    const socket = connect('/echo');
    socket.addEventListener('open', () => {
      socket.send('a'); socket.ping(); socket.ping();
      setTimeout(() => { socket.close(); say('closing', socket.readyState); socket.close(); attempt(() => socket.send('late')); }, 50);
    });`);
  expect(present).toEqual([
    'ws_sessions 1',
    'ws_msgs_sent 4',
    'ws_msgs_received 1',
    'ws_connecting',
    'ws_session_duration',
    'ws_ping',
  ]);
  expect(said).toEqual([
    '/echo open 1',
    '/echo a true',
    '/echo pong',
    '/echo pong',
    'closing 2',
    'GoError InvalidStateError',
    '/echo close 1000  3',
  ]);
});

test('a session that never opened is counted, has no duration, and its close event has no code', async () => {
  const { said, present } = await run(`connect('/refuse');`);
  expect(present).toEqual(['ws_sessions 1', 'ws_connecting']);
  expect(said).toEqual(['/refuse error websocket: bad handshake', '/refuse close undefined  3']);
});

test.each([
  ['/close', ['error websocket: close 4001: enough', 'close 4001 enough 3']],
  ['/empty', ['error websocket: close 1005 (no status)', 'close 1005  3']],
  ['/break', ['error websocket: close 1006 (abnormal closure): unexpected EOF', 'close 1006 unexpected EOF 3']],
])('an abnormal close emits an error first: %s', async (path, expected) => {
  const { said, present } = await run(`connect('${path}');`);
  expect(said).toEqual(['open 1', ...expected].map((line) => `${path} ${line}`));
  expect(present).toEqual(['ws_sessions 1', 'ws_connecting', 'ws_session_duration']);
});

test('invalid arguments are rejected with the messages of k6', async () => {
  const { said, log } = await run(`
    for (const given of [undefined, 'http://x', 'nope', 'ws://127.0.0.1/#f%20g', 'ws://[::1']) attempt(() => new WebSocket(given));
    for (const given of ['x', { timeout: 5 }, { compression: 'zip' }, { tags: { a: {} } }])
      attempt(() => new WebSocket(__ENV.URL, null, given));
    const socket = connect('/echo', ['p1', 'p2'], { jar: 5 });
    say(socket.readyState, JSON.stringify(socket.protocol), socket.extensions, socket.OPEN, WebSocket.OPEN);
    attempt(() => socket.send('early'));
    attempt(() => { socket.onopen = 5; });
    socket.addEventListener('nope', () => {});
    socket.addEventListener('open', () => {
      say(socket.protocol);
      for (const given of [5, {}, null, [1], true]) attempt(() => socket.send(given));
      socket.send('five5');
      say(socket.bufferedAmount);
      attempt(() => socket.close(1001));
      attempt(() => socket.close(1000, 'x'.repeat(124)));
      socket.close();
    });`);
  expect(said).toEqual([
    'GoError WebSocket requires a url',
    'GoError WebSocket requires url with scheme ws or wss, but got "http"',
    'GoError WebSocket requires url with scheme ws or wss, but got ""',
    'GoError WebSocket requires no url fragment, but got "f g"',
    'GoError WebSocket requires valid url, but got "ws://[::1" which resulted in parse "ws://[::1": missing \']\' in host',
    "GoError unknown WebSocket's option 0",
    "GoError unknown WebSocket's option timeout",
    "GoError unsupported compression algorithm 'zip', supported algorithm is 'deflate'",
    "GoError invalid WebSocket tags option: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag values",
    '0 "" [] undefined undefined',
    'GoError InvalidStateError',
    "GoError a value for 'onopen' should be callable",
    '/echo open 1',
    'p1',
    ...['int64', 'map[string]interface {}', '<nil>', '[]interface {}', 'bool'].map(
      (type) => `GoError unsupported send type ${type}`,
    ),
    '5',
    "GoError InvalidAccessError: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. 1001 is neither",
    "GoError SyntaxError: Failed to execute 'close' on 'WebSocket': The message must not be greater than 123 bytes",
    '/echo close 1000  3',
  ]);
  expect(log.filter(({ level }) => level === 'warning').map(({ msg }) => msg)).toEqual([
    "can't add event handler: unknown event type: nope",
  ]);
});

test.each(['ws', 'websockets'])('the bytes of k6/%s are in data_sent and data_received', async (module) => {
  const { metrics, exitCode } = await runSource(
    `import ws from 'k6/ws';
    import { WebSocket } from 'k6/websockets';
    export const options = { thresholds: { data_received: ['count>1000'] } };
    const message = 'x'.repeat(1000);
    export default () => {
      if ('${module}' === 'websockets') {
        const socket = new WebSocket(__ENV.URL + '/echo');
        socket.onopen = () => socket.send(message);
        socket.onmessage = () => socket.close();
      } else {
        ws.connect(__ENV.URL + '/echo', (socket) => {
          socket.on('open', () => socket.send(message));
          socket.on('message', () => socket.close());
        });
      }
    };`,
    { env: { URL: url } },
  );
  // The message, and the heads of the upgrade.
  for (const name of ['data_sent', 'data_received']) {
    expect(metrics[name]?.count).toBeGreaterThan(1_100);
    expect(metrics[name]?.count).toBeLessThan(1_400);
  }
  expect(exitCode).toBe(0);
});
