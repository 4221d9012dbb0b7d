import { rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { secondsUntilDone, type Task } from '../base/lanes.ts';
import { median } from '../base/median.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';

const timings = z.object({
  /** The measured seconds of each scenario, the last time that it ran. */
  seconds: z.record(z.string(), z.number().nonnegative()),
  /** See `secondsUntilDone`. */
  stretch: z.number().positive(),
  /** How much longer than its proof says a scenario took, such as for a service that starts or ends slowly. */
  overhead: z.number().nonnegative().default(0),
});

/** What earlier runs with a contract and a profile took. */
export type Timings = Readonly<z.output<typeof timings>>;

/** The file in the results folder, with the timings of all contracts by their keys. */
const FILE = 'timings.json';

/** The folder of the timings. `doctor` has its results below those of `run`, for which it measures. */
const folderOf = ({ results, isBrief }: RunOptions): string => (isBrief ? dirname(dirname(results)) : results);

const keyOf = (options: RunOptions): string => {
  const { contract, profile, mutationsOf } = options;
  return [relative(folderOf(options), contract), profile, ...(mutationsOf ? ['with mutants'] : [])].join(' ');
};

/** Returns the timings of earlier runs. They only decide the order of scenarios and estimates, so errors are ignored. */
export async function readTimings(options: RunOptions): Promise<Timings> {
  const all = await readAll(options);
  const own = all[keyOf(options)];
  // Scenarios with mutants take about as long as without.
  const usual = all[keyOf({ ...options, mutationsOf: undefined })];
  return {
    seconds: { ...usual?.seconds, ...own?.seconds },
    stretch: own?.stretch ?? usual?.stretch ?? 1,
    overhead: own?.overhead ?? usual?.overhead ?? 0,
  };
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
  /** The seconds of each scenario as its proof says. */
  readonly stated: ReadonlyMap<string, number>;
}

/** Keeps the timings of a run for the next ones. */
export async function keepTimings(options: RunOptions, before: Timings, measured: Measured): Promise<void> {
  const byName = Map.groupBy(measured.took, ([name]) => name);
  const means = [...byName].map(([name, runs]) => [name, runs.reduce((sum, [, took]) => sum + took, 0) / runs.length]);
  // Brief scenarios leave out what takes long.
  const lasting = options.isBrief ? [] : means;
  const seconds = { ...before.seconds, ...(Object.fromEntries(lasting) as Record<string, number>) };
  const stretch = (options.isBrief ? undefined : stretchOf(measured, seconds)) ?? before.stretch;
  const overhead = overheadOf(measured) ?? before.overhead;
  const path = join(folderOf(options), FILE);
  const unfinished = `${path}.${process.pid}`;
  try {
    const all = { ...(await readAll(options)), [keyOf(options)]: { seconds, stretch, overhead } };
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

/** Returns the median of how much longer than they say the scenarios took, or undefined if none ran. */
function overheadOf({ took, stated }: Measured): number | undefined {
  const longer = took.flatMap(([name, seconds]) => {
    const said = stated.get(name);
    return said === undefined ? [] : [Math.max(0, seconds - said)];
  });
  return longer.length === 0 ? undefined : median(longer);
}

async function readAll(options: RunOptions): Promise<Readonly<Record<string, Timings>>> {
  try {
    return z.record(z.string(), timings).parse(JSON.parse(await readText(join(folderOf(options), FILE))));
  } catch {
    return {};
  }
}
