import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runEngine } from '../engine-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'progress-'));
  await writeFile(
    join(folder, 'script.js'),
    `import { sleep } from 'k6';
    export const options = { scenarios: {
      second: { executor: 'constant-vus', vus: 2, duration: '1s', startTime: '500ms', exec: 'wait' },
      first: { executor: 'shared-iterations', vus: 1, iterations: 3, exec: 'wait' },
      never: { executor: 'per-vu-iterations', vus: 1, iterations: 2, maxDuration: '1s', gracefulStop: 0, exec: 'long' },
    } };
    export const setup = () => sleep(1.2);
    export const teardown = () => sleep(2.5);
    export const wait = () => sleep(0.5);
    export const long = () => sleep(30);`,
  );
  await writeFile(join(folder, 'quick.js'), 'export default () => {};');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.concurrent('prints the plan, setup, each scenario, and its end after the summary, also with threads', async () => {
  const { stdout } = await runEngine(['run', '--workers=2', 'script.js'], folder);
  expect(stdout).toContain(`
     execution: local
        script: script.js
        output: -

     scenarios: (100.00%) 3 scenarios, 4 max VUs, 10m30s max duration (incl. graceful stop):
              * first: 3 iterations shared among 1 VUs (maxDuration: 10m0s, exec: wait, gracefulStop: 30s)
              * never: 2 iterations for each of 1 VUs (maxDuration: 1s, exec: long)
              * second: 2 looping VUs for 1s (exec: wait, startTime: 500ms, gracefulStop: 30s)
`);
  expect(stdout).toMatch(/\nRun +\[ 100% \] setup\(\)\nfirst +\[ {3}0% \]\n/);
  expect(stdout).toMatch(/\nrunning \(00m0\d\.\ds\), \d\/4 VUs, \d complete and \d interrupted iterations\n/);
  const [, last = ''] = stdout.split('TOTAL RESULTS');
  expect(last).toMatch(/\nrunning \(00m0\d\.\ds\), 0\/4 VUs, [78] complete and 1 interrupted iterations\n/);
  expect(last).toMatch(/\nfirst {2}✓ \[ 100% \] 1 VUs +00m0[123]\.\ds\/10m0s +3\/3 shared iters\n/);
  expect(last).toMatch(/\nnever {2}✓ \[ 100% \] 1 VUs +1s +0\/2 iters, 2 per VU\n/);
  expect(last).toMatch(/\nsecond ✓ \[ 100% \] 2 VUs +1s *\n$/);
});

test.concurrent('--quiet leaves only the summary', async () => {
  const { stdout } = await runEngine(['run', '--quiet', 'quick.js'], folder);
  expect(stdout.trimStart()).toMatch(/^█ TOTAL RESULTS/);
  expect(stdout).not.toContain('running (');
});
