import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { written } from '../base/written.ts';
import { type RunResult, runResultSchema } from '../verdict/run-result.ts';

/** Returns a run's folder, `runs/<name>/<start>`. */
export const runFolder = (results: string, { name, started }: Pick<RunResult, 'name' | 'started'>): string =>
  join(results, 'runs', name, started.replaceAll(':', '-'));

/**
 * Creates the results folder if necessary, and checks that it is writable.
 *
 * @throws ProofloadError USAGE if it is not
 */
export const prepareResults = (results: string): Promise<void> =>
  orRefuse(results, async () => {
    // Check the closest existing parent first: below /proc, Node's recursive mkdir never returns.
    await tryToWrite(nearest(results));
    await mkdir(results, { recursive: true, mode: 0o700 });
    await tryToWrite(results);
  });

const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

const tryToWrite = async (folder: string): Promise<void> =>
  rm(await mkdtemp(join(folder, '.writable-')), { recursive: true });

/**
 * Creates a run's folder and points `latest` to it. Other users on the machine can't access it, because it contains the
 * service's output and the data that was sent to it.
 *
 * @throws ProofloadError USAGE if the folder is not writable
 */
export const makeRunFolder = (results: string, name: string, started: Date): Promise<string> =>
  orRefuse(results, async () => {
    const folder = runFolder(results, { name, started: started.toISOString() });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const latest = join(results, 'latest');
    await rm(latest, { force: true });
    await symlink(relative(dirname(latest), folder), latest);
    return folder;
  });

async function orRefuse<T>(results: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const message = `RESULTS=${results} is not writable (${messageOf(error)}); allowed: any folder that you can write to`;
    throw new ProofloadError('USAGE', message, { cause: error });
  }
}

/** Writes a run's verdict.json, without secrets. */
/** @throws ProofloadError RESULTS_NOT_WRITTEN */
export async function writeVerdict(folder: string, result: RunResult): Promise<void> {
  const [path, unfinished] = ['verdict.json', '.verdict.json'].map((name) => join(folder, name)) as [string, string];
  // Rename the finished file, so that readers never see part of it.
  await written(unfinished, writeFile(unfinished, `${jsonWithoutSecrets(result, 2)}\n`));
  await rename(unfinished, path);
}

/** A past run: its result and its folder. */
export interface PastRun {
  folder: string;
  result: RunResult;
}

/** Whether there is a file that this user can see. A pipe, for example, would be read for ever. */
function hasVerdict(folder: string): boolean {
  try {
    return statSync(join(folder, 'verdict.json')).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns the folder of a past run.
 *
 * @param reference A folder, `latest`, a run's name (for its most recent run), or `<name>/<start>`.
 * @param isRun Whether a folder is the one of a run. Defaults to one with a verdict.json.
 * @throws ProofloadError RUN_NOT_FOUND with the names of the runs
 */
export async function findRun(
  results: string,
  reference: string,
  isRun: (folder: string) => boolean = hasVerdict,
): Promise<string> {
  const runs = join(results, 'runs');
  const candidates = [
    reference,
    join(results, reference),
    join(runs, reference),
    ...(await newestFirst(join(runs, reference))),
  ];
  const found = candidates.find(isRun);
  if (found !== undefined) return realpath(found);
  const known = (await readdir(runs).catch(() => [])).join(', ') || 'none';
  throw new ProofloadError(
    'RUN_NOT_FOUND',
    `there is no run "${reference}" in ${results}; allowed: latest, a folder with the files of a run, or one of: ${known}`,
  );
}

/**
 * Reads a past run.
 *
 * @param reference See `findRun`.
 * @throws ProofloadError RUN_NOT_FOUND with the names of the runs, or RUN_INVALID if the run can't be read
 */
export async function readRun(results: string, reference = 'latest'): Promise<PastRun> {
  const folder = await findRun(results, reference);
  const path = join(folder, 'verdict.json');
  try {
    return { folder, result: runResultSchema.parse(JSON.parse(await readText(path)), { jitless: true }) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ProofloadError('RUN_INVALID', `${path} is not a verdict of this version:\n${why}`, { cause: error });
  }
}

/** Returns the folders of all runs of a name. Start times sort correctly as strings. */
async function newestFirst(runs: string): Promise<string[]> {
  const starts = await readdir(runs).catch(() => []);
  return starts
    .sort()
    .reverse()
    .map((start) => join(runs, start));
}
