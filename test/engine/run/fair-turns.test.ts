import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

// In k6, each VU has its own thread. Here, all VUs share one, and a VU that fails at once must not starve the others.

/** When another VU starts, which ends the test, in milliseconds. */
const STARTS = 50;
/** Many more calls than a VU makes until then. */
const TIMES = 30_000;

test.each([
  { what: 'an exception', iterations: TIMES, work: `failures.add(1); throw new Error('at once')` },
  {
    what: 'a rejected promise',
    iterations: TIMES,
    work: `failures.add(1); return Promise.reject(new Error('at once'))`,
  },
  { what: 'an unhandled rejection', iterations: TIMES, work: `failures.add(1); Promise.reject(new Error('at once'))` },
  { what: 'invalid URLs', iterations: 1, work: inLoop(`http.get('http://[')`) },
  { what: 'invalid headers', iterations: 1, work: inLoop(`http.get('http://h', { headers: { 'a b': '' } })`) },
  { what: 'invalid batches', iterations: 1, work: inLoop(`http.batch(['http://['])`) },
  { what: 'empty batches', iterations: 1, work: inLoop('http.batch([])') },
  { what: 'blocked names', iterations: 1, work: inLoop(`http.get('http://blocked')`) },
  { what: 'blocked addresses', iterations: 1, work: inLoop(`http.get('http://127.0.0.2')`) },
  { what: 'WebSockets with invalid URLs', iterations: 1, work: inLoop(`ws.connect('ws://[', () => {})`) },
  { what: 'WebSockets to blocked names', iterations: 1, work: inLoop(`ws.connect('ws://blocked', () => {})`) },
  { what: 'WebSockets to blocked addresses', iterations: 1, work: inLoop(`ws.connect('ws://127.0.0.2', () => {})`) },
  { what: 'a chain of requests with invalid URLs', iterations: 1, work: requestsInChain('http://[') },
  { what: 'a chain of requests to blocked names', iterations: 1, work: requestsInChain('http://blocked') },
  { what: 'a chain of requests to blocked addresses', iterations: 1, work: requestsInChain('http://127.0.0.2') },
  { what: 'a chain of WebSockets with invalid URLs', iterations: 1, work: socketsInChain('ws://h:99999') },
  { what: 'a chain of WebSockets to blocked names', iterations: 1, work: socketsInChain('ws://blocked') },
  { what: 'a chain of WebSockets to blocked addresses', iterations: 1, work: socketsInChain('ws://127.0.0.2') },
])('a VU that fails at once, with $what, lets the others work', async ({ iterations, work }) => {
  const { exitCode, metrics } = await runSource(`
    import http from 'k6/http';
    import ws from 'k6/ws';
    import { WebSocket } from 'k6/websockets';
    import exec from 'k6/execution';
    import { Counter } from 'k6/metrics';
    const failures = new Counter('failures');
    export const options = {
      blockHostnames: ['blocked'],
      blacklistIPs: ['127.0.0.2/32'],
      scenarios: {
        fails: { executor: 'shared-iterations', iterations: ${iterations}, exec: 'fail' },
        aborts: { executor: 'shared-iterations', startTime: '${STARTS}ms', exec: 'abort' },
      },
    };
    export const fail = () => { ${work} };
    export const abort = () => exec.test.abort();`);
  expect(exitCode).toBe(108);
  expect(metrics.failures?.count).toBeLessThan(TIMES);
});

function inLoop(call: string): string {
  return `for (let n = 0; n < ${TIMES}; n += 1) { failures.add(1); ${call}; }`;
}

/** @param call Calls `next` when it has failed. */
function inChain(call: string): string {
  return `let n = 0; const next = () => { failures.add(1); if (++n < ${TIMES}) ${call}; }; next();`;
}

function requestsInChain(url: string): string {
  return inChain(`http.asyncRequest('GET', '${url}').then(next, next)`);
}

function socketsInChain(url: string): string {
  return inChain(`new WebSocket('${url}').onerror = next`);
}

test.each([
  'http.get("http://[")',
  'http.get("http://h", { headers: { "a b": "" } })',
  'http.batch(["http://["])[0]',
  'ws.connect("ws://[", () => {})',
])('an iteration goes on after %s', async (call) => {
  const { said, metrics } = await runSource(`
      import http from 'k6/http';
      import ws from 'k6/ws';
      export const options = { iterations: 2 };
      export default () => { for (let n = 0; n < 3; n += 1) console.log(__ITER, n, ${call}.status); };`);
  expect(said).toEqual(['0 0 0', '0 1 0', '0 2 0', '1 0 0', '1 1 0', '1 2 0']);
  expect(metrics.iterations?.count).toBe(2);
});
