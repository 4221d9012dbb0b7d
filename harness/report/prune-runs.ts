import { readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonIn } from '../../faults/base/json-in.ts';
import { readText } from '../../faults/base/read-text.ts';
import { written } from '../base/written.ts';
import { isRunning } from '../process/is-running.ts';

/** The file in the folder of a run that is being made. It says by whom. */
const MARK = '.running';

const markSchema = z.object({ pid: z.int().positive(), host: z.string() });

/** The name of a run's folder: when it was started. Other folders are not removed. */
const START = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/** How long a run on another machine, or in another container, is assumed to be in progress, in milliseconds. */
const LONGEST_MS = 24 * 3_600_000;

/** Marks the folder of a run as being written, until it is disposed, so that no other process removes it. */
export async function markRunning(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, MARK);
  await written(path, writeFile(path, JSON.stringify({ pid: process.pid, host: hostname() })));
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/**
 * Removes the oldest runs of a name, so that `most` are left. The latest run and runs in progress are kept.
 *
 * @param runs The folder of all runs of the name.
 * @param latest The link to the latest run.
 */
export async function pruneRuns(runs: string, latest: string, most: number): Promise<void> {
  const entries = await readdir(runs, { withFileTypes: true });
  const starts = entries.filter((entry) => entry.isDirectory() && START.test(entry.name)).map(({ name }) => name);
  // Start times sort correctly as strings.
  const old = starts.sort().slice(0, Math.max(0, starts.length - most));
  const kept = await realpath(latest).catch(() => undefined);
  for (const start of old) {
    const folder = join(runs, start);
    if ((await realpath(folder)) === kept || (await isBeingMade(folder))) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

async function isBeingMade(folder: string): Promise<boolean> {
  const path = join(folder, MARK);
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) return false;
  const { data } = markSchema.safeParse(jsonIn(text));
  if (data?.host === hostname()) return isRunning(data.pid);
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs < LONGEST_MS;
}
