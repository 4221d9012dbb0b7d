import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

// In k6, each VU has a thread of its own. Here, a VU whose work fails at once must not keep the others from their turn.

/** Many more than a VU gets done before another one starts, in milliseconds, and ends the test. */
const [TIMES, STARTS] = [30_000, 50];

test.each([
  { what: 'an exception', iterations: TIMES, work: `failures.add(1); throw new Error('at once')` },
  { what: 'invalid URLs', iterations: 1, work: inLoop(`http.get('http://[')`) },
  { what: 'invalid headers', iterations: 1, work: inLoop(`http.get('http://h', { headers: { 'a b': '' } })`) },
])('a VU that fails at once, with $what, lets the others work', async ({ iterations, work }) => {
  const { exitCode, metrics } = await runSource(`
    import http from 'k6/http';
    import exec from 'k6/execution';
    import { Counter } from 'k6/metrics';
    const failures = new Counter('failures');
    export const options = {
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

test.each(['http.get("http://[")', 'http.get("http://h", { headers: { "a b": "" } })'])(
  'an iteration goes on after %s',
  async (call) => {
    const { said, metrics } = await runSource(`
      import http from 'k6/http';
      export const options = { iterations: 2 };
      export default () => { for (let n = 0; n < 3; n += 1) console.log(__ITER, n, ${call}.status); };`);
    expect(said).toEqual(['0 0 0', '0 1 0', '0 2 0', '1 0 0', '1 1 0', '1 2 0']);
    expect(metrics.iterations?.count).toBe(2);
  },
);
