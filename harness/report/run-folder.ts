import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { type RunResult, runResultSchema } from '../verdict/run-result.ts';

/** The folder of a run: `runs/<name>/<start>`. */
export const runFolder = (results: string, { name, started }: Pick<RunResult, 'name' | 'started'>): string =>
  join(results, 'runs', name, started.replaceAll(':', '-'));

/**
 * Makes the folder of results if there is none, and tries whether it can be written to.
 *
 * @throws ProofloadError USAGE if it can't.
 */
export const prepareResults = (results: string): Promise<void> =>
  orRefuse(results, async () => {
    // First where it is to be made: below /proc, Node's recursive mkdir never ends.
    await tryToWrite(nearest(results));
    await mkdir(results, { recursive: true, mode: 0o700 });
    await tryToWrite(results);
  });

const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

const tryToWrite = async (folder: string): Promise<void> =>
  rm(await mkdtemp(join(folder, '.writable-')), { recursive: true });

/**
 * Makes the folder of a run, and points `latest` there. No other user of the machine can enter it: it holds what the service
 * said, and what was sent to it.
 *
 * @throws ProofloadError USAGE if nothing can be written there.
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
    const message = `RESULTS=${results}: nothing can be written there (${messageOf(error)}); it can be any folder of this user's`;
    throw new ProofloadError('USAGE', message, { cause: error });
  }
}

export async function writeVerdict(folder: string, result: RunResult): Promise<void> {
  const [path, unfinished] = ['verdict.json', '.verdict.json'].map((name) => join(folder, name)) as [string, string];
  // In one step: whoever reads it never gets a part.
  await writeFile(unfinished, `${JSON.stringify(result, null, 2)}\n`);
  await rename(unfinished, path);
}

/** A run that was made before: what it came to, and where it is. */
export interface PastRun {
  folder: string;
  result: RunResult;
}

/**
 * Reads a past run.
 *
 * @param which A folder with a verdict.json, `latest`, a run's name (its newest run), or `<name>/<start>`.
 * @throws ProofloadError RUN_NOT_FOUND, with where it was looked for; RUN_INVALID where it can't be read.
 */
export async function readRun(results: string, which = 'latest'): Promise<PastRun> {
  const candidates = [which, join(results, which), join(results, 'runs', which), await newest(results, which)];
  const found = candidates.find((folder) => folder !== undefined && existsSync(join(folder, 'verdict.json')));
  if (found === undefined) {
    const known = (await readdir(join(results, 'runs')).catch(() => [])).join(', ') || 'none';
    throw new ProofloadError(
      'RUN_NOT_FOUND',
      `there is no run "${which}" in ${results}; it can be latest, a folder with a verdict.json, or one of: ${known}`,
    );
  }
  const folder = await realpath(found);
  const path = join(folder, 'verdict.json');
  try {
    return { folder, result: runResultSchema.parse(JSON.parse(await readFile(path, 'utf8'))) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ProofloadError('RUN_INVALID', `${path} is no verdict of this version:\n${why}`, { cause: error });
  }
}

/** The newest finished run of a name: starts sort as text. */
async function newest(results: string, name: string): Promise<string | undefined> {
  const runs = join(results, 'runs', name);
  const starts = (await readdir(runs).catch(() => [])).sort().reverse();
  const finished = starts.find((start) => existsSync(join(runs, start, 'verdict.json')));
  return finished && join(runs, finished);
}
