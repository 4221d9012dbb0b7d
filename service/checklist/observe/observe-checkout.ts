import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPackages, StressResult } from './observations.ts';
import { type Seen, seen } from './seen.ts';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/**
 * Compares the installed packages with the lock file. Optional packages are skipped because they depend on the
 * platform.
 */
export function observePackages(checkout: string): Promise<Seen<InstalledPackages>> {
  return seen(async () => {
    const [asked, installed] = await Promise.all(
      ['package-lock.json', 'node_modules/.package-lock.json'].map((path) => readJson<LockFile>(join(checkout, path))),
    );
    const needed = Object.entries(asked?.packages ?? {}).filter(([path, { optional }]) => path !== '' && !optional);
    const wrong = needed.filter(([path, { version }]) => installed?.packages[path]?.version !== version);
    return { asked: needed.length, wrong: wrong.map(([path]) => path.replace(/^node_modules\//, '')) };
  });
}

/** Reads the most recent `make stress` result and the names of all stress scenarios. */
export function observeStress(checkout: string, results: string): Promise<Seen<StressResult>> {
  return seen(async () => {
    const runs = await readdir(join(results, 'runs/stress')).catch(() => []);
    const newest = runs.toSorted().at(-1);
    if (newest === undefined) throw new Error(`${results} contains no stress test`);
    const { started, verdict, scenarios } = await readJson<Verdict>(
      join(results, 'runs/stress', newest, 'verdict.json'),
    );
    const files = await readdir(join(checkout, 'scenarios/stress'));
    const all = files.filter((file) => file.endsWith('.ts')).map((file) => `stress/${file.slice(0, -3)}`);
    return { started, verdict, ran: scenarios.map(({ scenario }) => scenario), all };
  });
}

interface Verdict {
  readonly started: string;
  readonly verdict: string;
  readonly scenarios: readonly { readonly scenario: string }[];
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
