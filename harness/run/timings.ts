import { rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { secondsUntilDone, type Task } from '../base/lanes.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';

const timings = z.object({
  /** The measured seconds of each scenario, the last time that it ran. */
  seconds: z.record(z.string(), z.number().nonnegative()),
  /** See `secondsUntilDone`. */
  stretch: z.number().positive(),
});

/** What earlier runs with a contract and a profile took. */
export type Timings = Readonly<z.output<typeof timings>>;

/** The file in the results folder, with the timings of all contracts by their keys. */
const FILE = 'timings.json';

const keyOf = ({ results, contract, profile, mutationsOf }: RunOptions): string =>
  [relative(results, contract), profile, ...(mutationsOf ? ['with mutants'] : [])].join(' ');

/** Returns the timings of earlier runs. They only decide the order of scenarios and estimates, so errors are ignored. */
export async function readTimings(options: RunOptions): Promise<Timings> {
  const all = await readAll(options);
  const own = all[keyOf(options)];
  // Scenarios with mutants take about as long as without.
  const usual = all[keyOf({ ...options, mutationsOf: undefined })];
  return { seconds: { ...usual?.seconds, ...own?.seconds }, stretch: own?.stretch ?? usual?.stretch ?? 1 };
}

/** The seconds of scenarios, by their names. One that ran again is there twice. */
export type Took = (readonly [scenario: string, seconds: number])[];

/** What a run measured. */
export interface Measured {
  readonly tasks: readonly (Task & Pick<Scenario, 'name'>)[];
  readonly width: number;
  /** How long all of its scenarios took together, or undefined if the run was stopped early. */
  readonly elapsed: number | undefined;
  readonly took: Took;
}

/** Keeps the timings of a run for the next ones. */
export async function keepTimings(options: RunOptions, before: Timings, measured: Measured): Promise<void> {
  const byName = Map.groupBy(measured.took, ([name]) => name);
  const means = [...byName].map(([name, runs]) => [name, runs.reduce((sum, [, took]) => sum + took, 0) / runs.length]);
  const seconds = { ...before.seconds, ...(Object.fromEntries(means) as Record<string, number>) };
  const stretch = stretchOf(measured, seconds) ?? before.stretch;
  const path = join(options.results, FILE);
  const unfinished = `${path}.${process.pid}`;
  try {
    const all = { ...(await readAll(options)), [keyOf(options)]: { seconds, stretch } };
    await writeFile(unfinished, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    await rename(unfinished, path);
  } catch {
    // The next run estimates without them.
  }
}

/** Returns the factor that makes the estimate right for the scenarios of a run, or undefined if none ran concurrently. */
function stretchOf({ tasks, width, elapsed }: Measured, seconds: Readonly<Record<string, number>>): number | undefined {
  const measured = tasks.map((task) => ({ ...task, seconds: seconds[task.name] ?? task.seconds }));
  const concurrent = measured.filter(({ atOnce }) => Math.min(width, atOnce) > 1);
  const expected = secondsUntilDone(concurrent, width);
  if (elapsed === undefined || expected === 0) return undefined;
  const others = measured.filter((task) => !concurrent.includes(task));
  return Math.max(0.1, (elapsed - secondsUntilDone(others, 1)) / expected);
}

async function readAll({ results }: RunOptions): Promise<Readonly<Record<string, Timings>>> {
  try {
    return z.record(z.string(), timings).parse(JSON.parse(await readText(join(results, FILE))));
  } catch {
    return {};
  }
}
