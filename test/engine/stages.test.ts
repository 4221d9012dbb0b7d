import { expect, test } from 'vitest';
import { runSource } from './run-source.ts';

test.each(['if (__VU === 1)', ''])(
  'exec.test.abort() in the init stage (%j) ends the run with 108',
  async (condition) => {
    const { exitCode, errors } = await runSource(`
    import exec from 'k6/execution';
    ${condition} exec.test.abort('enough');
    export default function () {}`);
    expect([exitCode, errors]).toEqual([108, ['TestAbortedError: test aborted: enough']]);
  },
);

test('handleSummaryTimeout ends a handleSummary() that sleeps, and the default summary is printed instead', async () => {
  const { exitCode, errors } = await runSource(`
    import { sleep } from 'k6';
    export const options = { handleSummaryTimeout: '1s' };
    export default function () {}
    export function handleSummary() { sleep(20); return { stdout: 'too late' }; }`);
  expect([exitCode, errors]).toEqual([0, ['GoError: handleSummary() execution timed out after 1 seconds']]);
});

test('the summary has a metric without samples if one of its submetrics has a threshold', async () => {
  const { metrics } = await runSource(`
    import { Counter, Rate } from 'k6/metrics';
    new Counter('asked');
    new Counter('other');
    new Rate('held');
    export const options = { thresholds: { 'asked{kind:read}': [], 'held{kind:read}': [] } };
    export default function () {}`);
  expect(metrics).toMatchObject({ asked: { count: 0 }, 'asked{kind:read}': {}, held: { passes: 0, fails: 0 } });
  expect(metrics).not.toHaveProperty('other');
});
