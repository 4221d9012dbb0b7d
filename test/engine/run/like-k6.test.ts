import { expect, test } from 'vitest';
import { startEchoSockets } from '../echo-sockets.ts';
import { runSource } from '../run-source.ts';

// Scripts behaved differently here than in k6 v2.2.0, whose behavior is expected.

test('a rejected promise ends an iteration only after its synchronous code', async () => {
  const { said, errors } = await runSource(`
    import { sleep } from 'k6';
    const fails = async () => { sleep(0.01); throw new Error('late'); };
    export default function () {
      fails();
      sleep(0.01);
      console.log('goes on');
      setTimeout(() => console.log('never'), 50);
    }`);
  expect([said, errors]).toEqual([['goes on'], ['Uncaught (in promise) Error: late']]);
});

test('a rejected promise that synchronous code handles later is no error', async () => {
  const { said, errors } = await runSource(`
    import { sleep } from 'k6';
    export default function () {
      const promise = Promise.reject(new Error('handled'));
      sleep(0.02);
      promise.catch(({ message }) => console.log(message));
    }`);
  expect([said, errors]).toEqual([['handled'], []]);
});

test('a promise that is rejected in the init stage ends the run with exit code 255', async () => {
  const source = (opens: string) => `
    import { open } from 'k6/experimental/fs';
    ${opens}
    export default () => {};`;
  const started = await runSource(source(`(async () => { await open('none.txt'); })();`));
  expect([started.exitCode, started.errors]).toEqual([
    255,
    [expect.stringMatching(/^Uncaught \(in promise\) NotFoundError: no such file or directory "\/.*\/none\.txt"$/)],
  ]);
  expect((await runSource('throw new Error(1); export default () => {};')).exitCode).toBe(107);
});

test('the script is evaluated once more for the summary', async () => {
  const count = async (args: string[]) =>
    (await runSource(`console.log('init', __VU); export default () => {};`, { args })).said;
  expect(await count([])).toEqual(['init 0', 'init 1', 'init 0']);
  expect(await count(['--summary-mode', 'disabled'])).toEqual(['init 0', 'init 1']);
});

test("a script's own samples of the metric checks are checks", async () => {
  const { metrics, said } = await runSource(`
    import { Rate } from 'k6/metrics';
    const checks = new Rate('checks');
    export default () => { checks.add(true, { check: 'own' }); checks.add(0, { check: 'own' }); };
    export const handleSummary = ({ root_group }) => {
      for (const { name, passes, fails } of root_group.checks) console.log(name, passes, fails);
    };`);
  expect(said).toEqual(['own 1 1']);
  expect(metrics.checks).toMatchObject({ passes: 1, fails: 1 });
});

test('options that nothing sets are null', async () => {
  const { said } = await runSource(`
    import exec from 'k6/execution';
    export const options = { tags: { a: 'b' } };
    export default () => {
      const { paused, hosts, tags, unknown } = exec.test.options;
      console.log([String(paused), String(hosts), tags.a, String(unknown)].join());
    };`);
  expect(said).toEqual(['null,null,b,undefined']);
});

test("the fields of a response are in k6's order", async () => {
  const { said } = await runSource(`
    import http from 'k6/http';
    export default () => {
      const response = http.get('http://127.0.0.1:1');
      console.log(Object.keys(response).join(' '));
      console.log(Object.keys(response.timings).join(' '));
    };`);
  expect(said).toEqual([
    'remote_ip remote_port url status status_text proto headers cookies body timings tls_version tls_cipher_suite ocsp error error_code request clickLink html json submitForm',
    'duration blocked looking_up connecting tls_handshaking sending waiting receiving',
  ]);
});

test('the elements of a SharedArray are its own properties', async () => {
  const { said } = await runSource(`
    import { SharedArray } from 'k6/data';
    const shared = new SharedArray('shared', () => [{ a: 1 }, 'b']);
    export default () => {
      const names = [];
      for (const name in shared) names.push(name);
      console.log(JSON.stringify([names, Object.entries(shared), { ...shared }, Object.hasOwn(shared, 1), Object.hasOwn(shared, 2)]));
    };`);
  expect(JSON.parse(said[0] ?? '')).toEqual([
    ['0', '1'],
    [
      ['0', { a: 1 }],
      ['1', 'b'],
    ],
    { 0: { a: 1 }, 1: 'b' },
    true,
    false,
  ]);
});

test.each(['shared-iterations', 'per-vu-iterations'])(
  'the progress of %s counts iterations that are done',
  async (executor) => {
    const { said } = await runSource(`
    import exec from 'k6/execution';
    export const options = { scenarios: { one: { executor: '${executor}', iterations: 4 } } };
    export default () => console.log(exec.scenario.progress);`);
    expect(said).toEqual(['0', '0.25', '0.5', '0.75']);
  },
);

test('the classes of modules can be called without new', async () => {
  const { said, exitCode } = await runSource(`
    import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
    import { SharedArray } from 'k6/data';
    import { Blob, WebSocket } from 'k6/websockets';
    import http from 'k6/http';
    const all = [Counter('counter'), Gauge('gauge'), Rate('rate'), Trend('trend', true)];
    const shared = SharedArray('shared', () => [1, 2]);
    class Own extends Counter {}
    const own = new Own('own');
    export default () => {
      for (const metric of [...all, own]) metric.add(1);
      const socket = WebSocket('ws://127.0.0.1:1');
      socket.onerror = () => {};
      console.log(shared.length, typeof http.CookieJar().set, Blob(['abc']).size, socket.readyState);
    };
    export const handleSummary = ({ metrics }) => console.log(Object.keys(metrics).join(' '));`);
  expect([said[0], exitCode]).toEqual(['2 function 3 0', 0]);
  expect(said[1]).toMatch(/counter .*gauge .*own rate trend/);
});

test('a URL of http.url is an object with a hidden password, and its name gives way to a tag', async () => {
  const { said } = await runSource(`
    import http from 'k6/http';
    export const options = { thresholds: { 'http_reqs{name:mine}': ['count==1'], 'http_reqs{name:http://127.0.0.1:1/\${}}': ['count==1'] } };
    export default () => {
      const url = http.url\`http://user:word@127.0.0.1:1/\${1}\`;
      console.log(JSON.stringify(url), String(url));
      http.get(http.url\`http://127.0.0.1:1/\${1}\`);
      http.get(http.url\`http://127.0.0.1:1/\${1}\`, { tags: { name: 'mine' } });
    };
    export const handleSummary = ({ metrics }) => {
      for (const [name, { thresholds }] of Object.entries(metrics)) if (thresholds) console.log(name, thresholds['count==1'].ok);
    };`);
  expect(said).toEqual([
    '{"name":"http://user:word@127.0.0.1:1/${}","url":"http://user:word@127.0.0.1:1/1","clean_url":"http://****:****@127.0.0.1:1/1"} [object Object]',
    'http_reqs{name:http://127.0.0.1:1/${}} true',
    'http_reqs{name:mine} true',
  ]);
});

test.each([
  [`import { Counter } from 'k6/metrics'; new Counter();`, "GoError: Invalid metric name: ''"],
  [
    `import { SharedArray } from 'k6/data'; new SharedArray('a', () => {});`,
    'TypeError: Cannot convert undefined or null to object',
  ],
])('%s is an error', async (source, error) => {
  const { exitCode, errors } = await runSource(`${source} export default () => {};`);
  expect([exitCode, errors]).toEqual([107, [expect.stringContaining(error)]]);
});

test('rows of a CSV file have sorted names, and a file can be read from its last byte', async () => {
  const { said } = await runSource(
    `import { open, SeekMode } from 'k6/experimental/fs';
    import csv from 'k6/experimental/csv';
    const file = await open('data.csv');
    const parser = new csv.Parser(await open('data.csv'), { asObjects: true });
    const rows = await csv.parse(file, { asObjects: true });
    export default async () => {
      console.log(rows[0], (await parser.next()).value);
      console.log(await file.seek(0, SeekMode.End));
      for (const [offset, from] of [[99, 0], [-1, 1], [-99, 2]]) {
        await file.seek(0, SeekMode.Start);
        await file.seek(offset, from).catch((error) => console.log(String(error)));
      }
    };`,
    { files: { 'data.csv': 'b,a\n1,2\n' } },
  );
  expect(said).toEqual([
    '{ a: "2", b: "1" } { b: "1", a: "2" }',
    '7',
    'TypeError: seeking beyond end of file',
    'TypeError: seeking before start of file',
    'TypeError: seeking before start of file',
  ]);
});

test('samples of WebSockets have the URL as it was given, and a name', async () => {
  const { url, stop } = await startEchoSockets();
  const thresholds = [`name:${url},url:${url}`, 'name:mine,url:mine', `url:${url}/old`, `name:${url}/old`];
  const { said } = await runSource(
    `import { WebSocket } from 'k6/websockets';
    import ws from 'k6/ws';
    const wanted = ${JSON.stringify(thresholds)};
    export const options = { thresholds: Object.fromEntries(wanted.map((tags) => ['ws_sessions{' + tags + '}', ['count==1']])) };
    export default () => {
      for (const params of [{}, { tags: { name: 'mine' } }]) {
        const socket = new WebSocket(__ENV.URL, null, params);
        socket.onopen = () => socket.close();
      }
      ws.connect(__ENV.URL + '/old', (socket) => socket.on('open', () => socket.close()));
    };
    export const handleSummary = ({ metrics }) => {
      for (const tags of wanted) console.log(metrics['ws_sessions{' + tags + '}'].values.count);
    };`,
    { env: { URL: url } },
  );
  stop();
  expect(said).toEqual(['1', '1', '1', '0']);
});

test('a WebSocket receives nothing after a script has closed it, even if it waited before', async () => {
  const { url, stop } = await startEchoSockets();
  const { metrics } = await runSource(
    `import { sleep } from 'k6';
    import { WebSocket } from 'k6/websockets';
    export default () => {
      const socket = new WebSocket(__ENV.URL);
      socket.onopen = () => { socket.send('a'); sleep(0.1); socket.close(); };
    };`,
    { env: { URL: url } },
  );
  stop();
  expect([metrics.ws_msgs_sent?.count, metrics.ws_msgs_received]).toEqual([2, undefined]);
});

test.each([
  ['', 'constant-vus', true],
  ["export const teardown = () => { throw new Error('ended'); };", 'constant-vus', false],
  ['', 'per-vu-iterations', false],
])('a test whose iterations all were interrupted warns: %s %s %s', async (more, executor, warns) => {
  const scenario = { executor, ...(executor === 'constant-vus' && { duration: '1s' }), gracefulStop: '0s' };
  const { log } = await runSource(`
    import { sleep } from 'k6';
    export const options = { scenarios: { one: ${JSON.stringify(scenario)} } };
    export default () => { if ('${executor}' === 'constant-vus') sleep(5); };
    ${more}`);
  const said = log.filter(({ level }) => level === 'warning').map(({ msg }) => msg);
  expect(said).toEqual(warns ? ['No script iterations fully finished, consider making the test duration longer'] : []);
});

test.each([
  ["import { none } from './lib.js'; import './other.js'; none;", "'./lib.js' does not provide an export named 'none'"],
  ["import none from './lib.js'; import './other.js'; none;", "'./lib.js' does not provide an export named 'default'"],
  ["export { none } from './lib.js'; import './other.js';", "'./lib.js' does not provide an export named 'none'"],
  ["import './again.js'; import './other.js';", "'./lib.js' does not provide an export named 'none'"],
  [
    "import { one } from './stars.js'; import './other.js'; one;",
    "'./stars.js' contains conflicting star exports for name 'one'",
  ],
])('imported modules run before an error about a name that they lack: %s', async (source, why) => {
  const { said, errors, exitCode } = await runSource(`${source} console.log('never'); export default () => {};`, {
    files: {
      'lib.js': "console.log('lib'); export const one = 1;",
      'other.js': "console.log('other'); export const one = 1;",
      'again.js': "import './script.ts'; export { none } from './lib.js';",
      'stars.js': "export * from './lib.js'; export * from './other.js';",
    },
  });
  expect([said, exitCode]).toEqual([['lib', 'other'], 107]);
  expect(errors).toEqual([expect.stringContaining(why)]);
});

test('a name that a CommonJS module or k6 does not export is undefined', async () => {
  const { said } = await runSource(
    `import { none, one } from './lib.js'; import { none as k6 } from 'k6/http'; export { none as again } from './lib.js';
    export default () => console.log(String([none, one, k6]));`,
    { files: { 'lib.js': 'exports.one = 1;' } },
  );
  expect(said).toEqual([',1,']);
});

test.each([1, 2])('a VU opens and requires only what was loaded before: %i workers', async (workers) => {
  const source = `
    const load = (action) => { try { return JSON.stringify(action()); } catch ({ message }) { return message; } };
    const early = [load(() => open('a.txt')), load(() => require('./a.js')), load(() => typeof require('k6'))];
    const late = __VU > 0 ? [load(() => require('./b.js')), load(() => typeof require('k6/metrics'))] : [];
    module.exports.options = { vus: 2, iterations: 2 };
    module.exports.default = () => console.log([...early, ...late].join(', '));`;
  const files = { 'a.txt': 'text', 'a.js': 'exports.a = 1;', 'b.js': 'exports.b = 1;' };
  const { said } = await runSource(source, { name: 'script.js', args: ['--workers', String(workers)], files });
  const refusal = (name: string) => `the module "${name}" was not previously resolved during initialization (__VU==0)`;
  const line = `"text", {"a":1}, "object", ${refusal('./b.js')}, ${refusal('k6/metrics')}`;
  expect(said).toEqual([line, line]);
});
