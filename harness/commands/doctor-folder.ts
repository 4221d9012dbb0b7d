import { rmdirSync, rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRunning } from '../process/is-running.ts';

/**
 * Returns a folder for the runs of this `doctor` within the results, and removes earlier runs of `doctor`. No other
 * command reads them: they cover only a few scenarios, so they must not count as the latest run.
 */
export async function doctorFolder(results: string): Promise<string> {
  const all = join(results, 'doctor');
  const own = String(process.pid);
  // The name of each is a process ID. Another doctor may be running with the same results.
  const over = (await readdir(all).catch(() => [])).filter(
    (name) => name === own || (/^\d+$/.test(name) && !isRunning(Number(name))),
  );
  for (const name of over) await rm(join(all, name), { recursive: true, force: true });
  return join(all, own);
}

/** Removes the folder of this `doctor`, to which programs may still write, and the folders of results that are empty. */
export function removeFolder(own: string): void {
  rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  try {
    for (const folder of [dirname(own), dirname(dirname(own))]) rmdirSync(folder);
  } catch {
    // It contains other results, or does not exist.
  }
}
