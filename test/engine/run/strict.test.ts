import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTarget } from '../../k6-golden/target.mjs';
import { runSource } from '../run-source.ts';

let target: Awaited<ReturnType<typeof startTarget>>;

beforeAll(async () => {
  target = await startTarget();
});

afterAll(() => target.close());

const WITHOUT_SAMPLES = `
import { Trend } from 'k6/metrics';
new Trend('unfed');
export const options = { thresholds: { unfed: ['p(95)<100'], dropped_iterations: ['count==0'] } };
export default () => {};`;

/** Only `handleSummary()` gives the metric a sample. */
const FED_TOO_LATE = `
import { Trend } from 'k6/metrics';
const unfed = new Trend('unfed');
export const options = { thresholds: { unfed: ['p(95)<100'] } };
export default () => {};
export const handleSummary = () => { unfed.add(1); };`;

const THROWS = `
import exec from 'k6/execution';
export const options = { iterations: 3 };
export default () => { if (exec.scenario.iterationInTest !== 1) throw new Error('no'); };`;

/** A single VU has to run twice as many iterations as it can handle. */
const TOO_FEW_VUS = `
import { sleep } from 'k6';
export const options = { scenarios: { rate: {
  executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1,
} } };
export default () => sleep(0.15);`;

/** One iteration blocks the thread for 400 ms, during which eight others are due. The schedule is kept otherwise. */
const HOLDS_THE_THREAD = `
import http from 'k6/http';
import exec from 'k6/execution';
export const options = { scenarios: { rate: {
  executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 30,
} } };
export default async () => {
  if (exec.scenario.iterationInTest === 5) for (const end = Date.now() + 400; Date.now() < end; );
  else await http.asyncRequest('GET', __ENV.TARGET + '/ok');
};`;

test.concurrent.each([
  ['a threshold without samples', WITHOUT_SAMPLES, 3, "the threshold 'p(95)<100' on unfed proves nothing"],
  ['a threshold with later samples only', FED_TOO_LATE, 3, "the threshold 'p(95)<100' on unfed proves nothing"],
  ['an exception in an iteration', THROWS, 107, '2 iterations threw an exception'],
  ['dropped iterations', TOO_FEW_VUS, 3, 'the schedule was not kept: of 11 iterations'],
])('%s fails a strict run', async (_, source, exitCode, why) => {
  expect((await runSource(source)).exitCode).toBe(0);
  const strict = await runSource(source, { args: ['--strict'] });
  expect(strict.exitCode).toBe(exitCode);
  expect(strict.errors.filter((error) => error.startsWith(why))).toHaveLength(1);
});

test.concurrent('a threshold without samples passes, like in k6, with a warning that names it', async () => {
  const { exitCode, log } = await runSource(WITHOUT_SAMPLES);
  expect(exitCode).toBe(0);
  expect(log.filter(({ level }) => level === 'warning').map(({ msg }) => msg)).toEqual([
    "the threshold 'p(95)<100' on unfed proves nothing: there were no samples",
  ]);
});

test.concurrent('late iterations make a run inconclusive, and their requests show the latency from the intended start', async () => {
  const run = (args: string[]) => runSource(HOLDS_THE_THREAD, { args, env: { TARGET: target.url } });
  const { exitCode, errors, metrics } = await run(['--strict', '--max-late', '150ms']);
  expect(exitCode).toBe(3);
  expect(errors[0]).toMatch(/0 were dropped and \d+ started more than 150ms late; at most 1 % may miss it$/);
  // The iteration was due 50 ms after the start of the 400 ms in which the thread was blocked.
  expect(metrics.iteration_lateness?.max).toBeGreaterThan(330);
  expect(metrics.http_req_intended_duration?.max).toBeGreaterThan(330);
  expect(metrics.event_loop_lag?.max).toBeGreaterThan(330);
  const { max = 0 } = metrics.http_req_intended_duration ?? {};
  expect(max).toBeGreaterThan(metrics.http_req_duration?.max ?? 0);
});

/** Two VUs run in different threads. In both, half of the iterations throw, and one metric never gets any samples. */
const THROWS_EVERYWHERE = `
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
new Trend('unfed');
export const options = {
  scenarios: { each: { executor: 'per-vu-iterations', vus: 2, iterations: 4 } },
  thresholds: { unfed: ['p(95)<100'] },
};
export default () => { if (exec.vu.iterationInScenario % 2 === 0) throw new Error('no'); };`;

test.concurrent('judges the combined results of several threads', async () => {
  const threads = (source: string, args: string[] = []) =>
    runSource(source, { args: ['--strict', '--workers', '2', ...args], env: { TARGET: target.url } });
  const threw = await threads(THROWS_EVERYWHERE);
  expect(threw.exitCode).toBe(107);
  expect(threw.errors).toContain('4 iterations threw an exception');
  expect(threw.errors.filter((error) => error.startsWith("the threshold 'p(95)<100' on unfed"))).toHaveLength(1);
  const late = await threads(HOLDS_THE_THREAD, ['--max-late', '150ms']);
  expect(late.exitCode).toBe(3);
  expect(late.errors[0]).toMatch(/of 21 iterations 0 were dropped and [1-9]\d* started more than 150ms late/);
  expect(late.metrics.http_req_intended_duration?.max).toBeGreaterThan(280);
  expect(late.metrics.event_loop_lag?.max).toBeGreaterThan(330);
});

test.concurrent("passes a run that keeps to its schedule as far as requested, and by default measures nothing that k6 doesn't", async () => {
  const run = (args: string[]) => runSource(HOLDS_THE_THREAD, { args, env: { TARGET: target.url } });
  const [strict, plain] = [await run(['--strict', '--max-late', '1m']), await run([])];
  expect([strict.exitCode, plain.exitCode]).toEqual([0, 0]);
  const own = Object.keys(strict.metrics).filter((name) => !(name in plain.metrics));
  expect(own.sort()).toEqual(['event_loop_lag', 'http_req_intended_duration', 'iteration_lateness']);
});

test.concurrent('can be enabled by the script, the environment or a flag, in ascending order of precedence', async () => {
  const asking = WITHOUT_SAMPLES.replace('{ thresholds', '{ ext: { proofload: { strict: true } }, thresholds');
  expect((await runSource(asking)).exitCode).toBe(3);
  expect((await runSource(WITHOUT_SAMPLES, { environment: { K6_STRICT: 'true' } })).exitCode).toBe(3);
  const lenient = TOO_FEW_VUS.replace('{ scenarios', '{ ext: { proofload: { strict: true, maxMissed: 1 } }, scenarios');
  expect((await runSource(lenient)).exitCode).toBe(0);
  expect((await runSource(lenient, { args: ['--max-missed', '0'] })).exitCode).toBe(3);
});

test.concurrent.each([
  [['--max-missed', '2'], 'expected a share such as "1%" or 0.01'],
  [['--max-late', 'soon'], 'invalid duration'],
])('rejects %j', async (args, why) => {
  const { exitCode, errors, log } = await runSource(WITHOUT_SAMPLES, { args });
  expect([exitCode, errors.length]).toEqual([104, 1]);
  expect(log[0]?.msg).toContain(why);
});
