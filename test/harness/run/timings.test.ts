import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secondsUntilDone } from '../../../harness/base/lanes.ts';
import type { RunOptions } from '../../../harness/run/run-options.ts';
import { keepTimings, type Measured, readTimings, type Took } from '../../../harness/run/timings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ANY = Number.POSITIVE_INFINITY;

async function options(): Promise<RunOptions> {
  const results = await temporaryFolder();
  return { results, contract: '/service/proofload.yaml', profile: 'fast' } as RunOptions;
}

const NEVER = { seconds: {}, stretch: 1, overhead: 0 };

/** A run of scenarios that took these seconds, and whose proofs estimate one second each. */
const measured = (took: Took, elapsed: number | undefined, width = 3): Measured => ({
  tasks: took.map(([name]) => ({ name, seconds: 1, atOnce: ANY })),
  width,
  elapsed,
  took,
  stated: new Map(took.map(([name]) => [name, 1])),
});

/** Returns the estimate of a run of these scenarios. */
async function estimate(of: RunOptions, names: string[], width = 3): Promise<number> {
  const { seconds, stretch } = await readTimings(of);
  return secondsUntilDone(
    names.map((name) => ({ seconds: seconds[name] ?? 1, atOnce: ANY })),
    width,
    stretch,
  );
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const six: Took = NAMES.map((name) => [name, 10]);

test('a second run is expected to take as long as the first, also if scenarios had to wait for processors', async () => {
  const of = await options();
  await keepTimings(of, await readTimings(of), measured(six, 44));
  expect(await estimate(of, NAMES)).toBeCloseTo(44);
  // The evidence of each scenario counts for other runs, too.
  expect(await estimate(of, ['c'])).toBe(10);
  expect(await estimate(of, ['a', 'b'])).toBeGreaterThanOrEqual(10);
  expect(await estimate(of, ['a', 'b'])).toBeLessThanOrEqual(20);
});

test('a run of which more scenarios overlap than usual is expected to be as quick again', async () => {
  const of = await options();
  await keepTimings(of, await readTimings(of), measured(six, 11));
  expect(await estimate(of, NAMES)).toBeCloseTo(11);
  expect(await estimate(of, ['a'])).toBe(10);
});

test('contracts, profiles and mutants have their own times, and mutants begin with the usual ones', async () => {
  const of = await options();
  await keepTimings(of, NEVER, measured([['a', 7]], 7));
  const mutants = { ...of, mutationsOf: () => [] };
  expect((await readTimings(mutants)).seconds).toEqual({ a: 7 });
  await keepTimings(
    mutants,
    NEVER,
    measured(
      [
        ['a', 2],
        ['a', 4],
      ],
      6,
    ),
  );
  expect((await readTimings(mutants)).seconds).toEqual({ a: 3 });
  expect((await readTimings(of)).seconds).toEqual({ a: 7 });
  expect(await readTimings({ ...of, profile: 'production' })).toEqual(NEVER);
  expect(await readTimings({ ...of, contract: '/other/proofload.yaml' })).toEqual(NEVER);
});

test('a run that was stopped early says nothing about how many scenarios overlap', async () => {
  const of = await options();
  await keepTimings(of, NEVER, measured(six, 44));
  const { stretch } = await readTimings(of);
  await keepTimings(of, await readTimings(of), measured([['a', 12]], undefined));
  expect(await readTimings(of)).toMatchObject({ seconds: { a: 12, b: 10 }, stretch });
});

test('a broken file, or none that can be written, only costs the estimates', async () => {
  const of = await options();
  const path = join(of.results, 'timings.json');
  await writeFile(path, '{"x": ');
  expect(await readTimings(of)).toEqual(NEVER);
  await keepTimings(of, NEVER, measured(six, 20));
  expect(JSON.parse(await readFile(path, 'utf8'))).toBeTypeOf('object');
  await expect(keepTimings({ ...of, results: '/proc/nowhere' }, NEVER, measured(six, 20))).resolves.toBeUndefined();
});

test('a service that starts slowly prolongs scenarios that have never run, also if only doctor has seen it', async () => {
  const of = await options();
  const doctor = { ...of, results: join(of.results, 'doctor', '123'), isBrief: true };
  await keepTimings(
    doctor,
    await readTimings(doctor),
    measured(
      [
        ['a', 9],
        ['b', 0.5],
        ['c', 6],
      ],
      12,
    ),
  );
  expect(await readTimings(of)).toEqual({ ...NEVER, overhead: 5 });
  await keepTimings(of, await readTimings(of), measured([['a', 2]], 2));
  expect(await readTimings(of)).toMatchObject({ seconds: { a: 2 }, overhead: 1 });
  await keepTimings(of, await readTimings(of), measured([], undefined));
  expect(await readTimings(of)).toMatchObject({ overhead: 1 });
});
