import { glob, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRun } from '../../harness/report/run-folder.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';

/** The commit of a run, and whether the working folder had other changes. */
export type Commit = RunResult['environment']['commit'];

/** A run of a service's suites. */
export interface Kept {
  /** The name in `SERVICES`. */
  readonly service: string;
  readonly folder: string;
  readonly result: RunResult;
}

/** Whether figures of both may be counted together. */
export const isSameCommit = (a: Commit, b: Commit): boolean => a?.id === b?.id && a?.changed === b?.changed;

/**
 * Reads all runs in a folder that contains the results of each service. Runs that were interrupted don't count, because
 * interrupted scenarios are INCONCLUSIVE. Runs of another commit, or of the same commit with uncommitted changes, don't
 * count either: their verdicts may differ for that reason.
 *
 * @returns The runs that count, in the order in which they started, and how many don't.
 */
export async function readKept(folder: string, commit: Commit): Promise<{ kept: Kept[]; others: number }> {
  const all: Kept[] = [];
  for await (const path of glob('*/runs/*/*/verdict.json', { cwd: folder })) {
    const [service = ''] = path.split('/');
    all.push({ service, ...(await readRun(folder, join(folder, dirname(path)))) });
  }
  const kept = all
    .filter(({ result }) => result.stopped === undefined && isSameCommit(result.environment.commit, commit))
    .toSorted((a, b) => a.result.started.localeCompare(b.result.started));
  return { kept, others: all.length - kept.length };
}

/** Removes the histories of scenarios that passed, because a hundred suites would need gigabytes. */
export async function pruneRun({ folder, result }: Pick<Kept, 'folder' | 'result'>): Promise<void> {
  const passed = result.scenarios.filter(({ verdict }) => verdict === 'PASS');
  await Promise.all(passed.map((run) => rm(join(folder, run.folder), { recursive: true, force: true })));
}

/** Returns the service with the fewest runs so far: the first of them if there are several. */
export function nextOf<Service extends { readonly name: string }>(
  services: readonly Service[],
  kept: readonly Pick<Kept, 'service'>[],
): Service | undefined {
  const runsOf = ({ name }: Service) => kept.filter(({ service }) => service === name).length;
  return services.toSorted((a, b) => runsOf(a) - runsOf(b))[0];
}
