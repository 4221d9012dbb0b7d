import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { InstalledPackages, StressResult } from './observations.ts';
import { otherBuild } from './other-build.ts';
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
    const [locked, installed] = await Promise.all(
      ['package-lock.json', 'node_modules/.package-lock.json'].map((path) => readJson<LockFile>(join(checkout, path))),
    );
    const needed = Object.entries(locked?.packages ?? {}).filter(([path, { optional }]) => path !== '' && !optional);
    const wrong = needed.filter(([path, { version }]) => installed?.packages[path]?.version !== version);
    return { needed: needed.length, wrong: wrong.map(([path]) => path.replace(/^node_modules\//, '')) };
  });
}

/** Reads the most recent `make stress` result and the names of all stress scenarios. */
export function observeStress(checkout: string, results: string): Promise<Seen<StressResult>> {
  return seen(async () => {
    const runs = await readdir(join(results, 'runs/stress')).catch(() => []);
    const newest = runs.toSorted().at(-1);
    if (newest === undefined) throw new Error(`${results} contains no stress test`);
    const run = await readVerdict(join(results, 'runs/stress', newest, 'verdict.json'));
    const files = await readdir(join(checkout, 'scenarios/stress'));
    const all = files.filter((file) => file.endsWith('.ts')).map((file) => `stress/${file.slice(0, -3)}`);
    const other =
      otherSettings(run.scenarios) ?? (await otherBuild(checkout, Date.parse(run.started), run.environment.commit));
    return {
      started: run.started,
      verdict: run.verdict,
      service: run.service,
      profile: run.profile,
      passed: run.scenarios.filter(({ verdict }) => verdict === 'PASS').map(({ scenario }) => scenario),
      skipped: run.skipped.map(({ name }) => name),
      all,
      ...(other !== undefined && { otherBuild: other }),
    };
  });
}

/** The fields of a run's verdict.json that the checklist reads. */
const verdictSchema = z.object({
  started: z.iso.datetime(),
  verdict: z.string(),
  service: z.string(),
  profile: z.string(),
  environment: z.object({ commit: z.object({ id: z.string(), changed: z.boolean() }).nullable() }),
  scenarios: z.array(z.object({ scenario: z.string(), verdict: z.string(), again: z.string() })),
  skipped: z.array(z.object({ name: z.string() })),
});

async function readVerdict(path: string): Promise<z.output<typeof verdictSchema>> {
  const parsed = verdictSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${path} is not the verdict of a run: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
  );
}

/** Settings with which a run tests something else. The command that repeats a scenario contains them. */
function otherSettings(scenarios: readonly { readonly again: string }[]): string | undefined {
  const [, name] = scenarios.map(({ again }) => /\b(COMMAND|CONTRACT)=/.exec(again)).find((match) => match) ?? [];
  return name && `it ran with ${name}`;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
