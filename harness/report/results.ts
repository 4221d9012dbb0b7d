import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Verdict } from '../checkers/checker.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import type { Skipped } from '../scenario.ts';

/** What a whole run came to, as verdict.json holds it. */
export interface RunResult {
  name: string;
  started: string;
  verdict: Verdict;
  profile: string;
  seed: number;
  engine: { name: string; version: string };
  postgres: string;
  scenarios: ScenarioResult[];
  /** Scenarios that the contract can't be held to, and why. */
  skipped: Skipped[];
  /** Why the run ended before all of its scenarios were done. */
  stopped?: string;
}

/** Makes the folder of a run, `runs/<name>/<start>`, and points `latest` there. */
export async function makeRunFolder(results: string, name: string, started: Date): Promise<string> {
  const folder = join(results, 'runs', name, started.toISOString().replaceAll(':', '-'));
  await mkdir(folder, { recursive: true });
  const latest = join(results, 'latest');
  await rm(latest, { force: true });
  await symlink(relative(dirname(latest), folder), latest);
  return folder;
}

/** Writes verdict.json; the folders of scenarios are named relative to it. */
export async function writeVerdict(folder: string, result: RunResult): Promise<void> {
  const scenarios = result.scenarios.map((one) => ({ ...one, folder: basename(one.folder) }));
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify({ ...result, scenarios }, null, 2)}\n`);
}
