import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HANG_MS } from '../../support/limits.ts';
import { errors, parseLines, runWarmEngine, said, script } from '../engine-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-workers-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (name: string, args: readonly string[], environment: Record<string, string> = {}) =>
  runWarmEngine(['run', '--quiet', '--log-format', 'json', ...args, script(name)], folder, environment);

interface Summary {
  readonly metrics: Record<string, { values: Record<string, number>; thresholds?: object }>;
  readonly root_group: object;
}

/** Returns the outcome of a run, except for times and values derived from them. */
async function outcome(workers: number) {
  const samples = join(folder, `samples-${workers}.json`);
  const done = await run('all-executors', ['--workers', String(workers), '--out', `json=${samples}`]);
  const { metrics, root_group } = JSON.parse(done.stdout) as Summary;
  const counted = ['checks', 'runs', 'runs{scenario:each}', 'iterations', 'vus_max'].map((name) => {
    const { rate, ...values } = metrics[name]?.values ?? {};
    return [name, values, metrics[name]?.thresholds];
  });
  const lines = parseLines<{ type: string; metric: string }>(await readFile(samples, 'utf8'));
  const points = lines.filter(({ type, metric }) => type === 'Point' && !/^vus/.test(metric));
  const say = said(done);
  return {
    exitCode: done.exitCode,
    errors: errors(done),
    counted,
    root_group,
    points: points.length,
    declared: lines
      .filter(({ type }) => type === 'Metric')
      .map(({ metric }) => metric)
      .sort(),
    vus: say
      .filter((line) => line.startsWith('vu '))
      .map((line) => line.split(' ').slice(1, 4).join())
      .sort(),
    shared: new Set(say.filter((line) => line.startsWith('vu ')).map((line) => line.split(' ')[4])).size,
    iterations: say.filter((line) => line.startsWith('iteration ')).sort(),
    around: say.filter((line) => /^(setup|teardown)/.test(line)),
    sizes: metrics.sizes?.values,
  };
}

describe('several threads', () => {
  let single: Awaited<ReturnType<typeof outcome>>;
  beforeAll(async () => {
    single = await outcome(1);
  });

  test.each([2, 3])('behave exactly like one thread: %i', async (workers) => {
    const several = await outcome(workers);
    expect(single.exitCode).toBe(0);
    expect(single.vus).toHaveLength(20);
    expect(single.around).toEqual(['setup', 'teardown']);
    expect(single.iterations.length + single.vus.length).toBe(63);
    expect(several).toEqual(single);
  });
});

describe('threads', () => {
  test('are judged together: a threshold that no single thread crosses ends all of them', async () => {
    const begun = performance.now();
    const { exitCode } = await run('crossed-together', ['--workers', '2']);
    expect(exitCode).toBe(99);
    // Thresholds are evaluated every 2 s. The iterations would continue for ten minutes.
    expect(performance.now() - begun).toBeLessThan(HANG_MS);
  });

  test('all end if a script in one of them ends the test', async () => {
    const done = await run('aborts', [], { PROOFLOAD_WORKERS: '2' });
    expect([done.exitCode, errors(done)]).toEqual([108, ['test aborted: enough']]);
  });

  test.each(['1', '2'])("don't begin if a VU in one of them can't: VU %s", async (vu) => {
    const done = await run('aborts', ['--workers', '2', '-e', `FAILS=${vu}`]);
    expect([done.exitCode, errors(done)]).toEqual([107, ['Error: no such beginning']]);
  });

  test("reject work that can't be divided, and invalid numbers", async () => {
    const paced = await run('aborts', ['--workers', '2', '--rps', '5']);
    expect([paced.exitCode, errors(paced)]).toEqual([104, [expect.stringContaining("--workers 2: the option 'rps'")]]);
    expect((await run('aborts', ['--workers', '0'])).stderr).toContain('expected a number from 1 to 64');
  });
});
