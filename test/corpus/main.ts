/** Runs the k6 scripts of a folder in the embedded engine and in k6, and compares what they do: see docs/engines.md. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assertModule, isK6Module } from '../../engine/modules/module-table.ts';
import { judge, type Verdict } from './judge.ts';
import { valuesFor } from './local/environment.ts';
import { type LocalFolder, localiseFolder, withImports } from './local/localise-folder.ts';
import { tableOf, type Verdicts } from './report.ts';
import { type LocalScript, runScript, type ScriptRun } from './run-script.ts';

const LANES = 2;
/** Lower than that of other processes. */
const PRIORITY = 5;
const PROGRESS_EVERY = 50;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const USAGE =
  'usage: make corpus DIR=folder K6_BIN=path [JSLIB=folder] [ONLY=part of a path, or a verdict such as differ]';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: '' },
    jslib: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: here('../../results/corpus') },
  },
});
const k6 = process.env.K6_BIN;
if (!values.dir || !k6) {
  console.error(USAGE);
  process.exit(2);
}
const { dir, out, only } = values;

setPriority(PRIORITY);
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());

await rm(join(out, 'local'), { recursive: true, force: true });
await mkdir(join(out, 'runs'), { recursive: true });
const folder = await localiseFolder(dir, join(out, 'local'), values.jslib || undefined);
const engineHash = await hashOfFiles(here('../../engine'));
const targetHash = await hashOfFiles(here('.'), ['run-script.ts', 'target/*.ts']);
const k6Version = execFileSync(k6, ['version'], { encoding: 'utf8' });

const verdictsFile = join(out, 'verdicts.json');
/** The verdicts of earlier runs, by script. The hash says what they depended on. */
const kept: Record<string, Verdict & { hash: string }> = await readJson<Record<string, Verdict & { hash: string }>>(
  verdictsFile,
).catch(() => ({}));
const isWanted = (script: string): boolean => !only || script.includes(only) || kept[script]?.verdict === only;
// In no particular order, so that the results of an interrupted run are a fair sample.
const scripts = folder.scripts.filter(isWanted).sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
if (scripts.length === 0) {
  console.error(only ? `no script in ${dir} has "${only}" in its path or as its last verdict` : `no scripts in ${dir}`);
  process.exit(2);
}
console.log(`${scripts.length} of ${folder.scripts.length} scripts`);

for (const script of Object.keys(kept)) if (!folder.scripts.includes(script)) delete kept[script];

const verdicts = new Map<string, Verdict>();
const waiting = scripts.values();
try {
  await Promise.all(Array.from({ length: LANES }, judgeWaiting));
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await report(new Map([...verdicts].sort(([a], [b]) => (a < b ? -1 : 1))));
}

async function judgeWaiting(): Promise<void> {
  for (const script of waiting) {
    const { local, hash, refusal } = await prepared(folder, script);
    const known = kept[script];
    const whole = digest(hash, engineHash);
    const verdict =
      refusal !== undefined
        ? ({ verdict: 'refused', reasons: [refusal], unsteady: [] } as const)
        : known?.hash === whole && !only
          ? known
          : await judge(runnersOf(local, hash));
    kept[script] = { ...verdict, hash: whole };
    verdicts.set(script, verdict);
    if (verdict.verdict === 'differ') console.log(`differ  ${script}\n        ${verdict.reasons[0]?.slice(0, 200)}`);
    if (verdicts.size % PROGRESS_EVERY !== 0) continue;
    console.log(`${verdicts.size} of ${scripts.length}`);
    await writeFile(verdictsFile, JSON.stringify(kept, null, 1));
  }
}

/** A script to run, the hash of all that its runs depend on, and why the engine refuses it. */
interface Prepared {
  readonly local: LocalScript;
  readonly hash: string;
  readonly refusal: string | undefined;
}

async function prepared({ root }: LocalFolder, script: string): Promise<Prepared> {
  const found = withImports(folder, script);
  const modules = [...found.values()];
  const environment = valuesFor({
    read: modules.flatMap((module) => module.environment.read),
    optional: modules.flatMap((module) => module.environment.optional),
  });
  const isLimited = folder.modules.get(script)?.isParsed === true;
  const flags = isLimited ? [] : ['--vus', '1', '--iterations', '1'];
  const texts = modules.map(({ text }) => text);
  const opened = [...found].flatMap(([name, module]) => module.opened.map((path) => join(root, dirname(name), path)));
  const data = await Promise.all(opened.map((path) => readFile(path, 'utf8').catch(() => '')));
  return {
    local: { path: join(root, script), environment, flags },
    hash: digest(k6Version, targetHash, script, JSON.stringify([texts, environment, flags, ...data])),
    refusal: modules.flatMap(({ imports }) => imports.flatMap(refusedImport))[0],
  };
}

/** Returns the engine's reason to refuse an import, so that scripts with one need not be run. */
function refusedImport(specifier: string): string[] {
  if (!isK6Module(specifier)) return [];
  try {
    assertModule(specifier);
    return [];
  } catch (error) {
    return [(error as Error).message.replace(/, which has .*:/, ':')];
  }
}

function runnersOf(local: LocalScript, hash: string) {
  return {
    engine: () => runScript([process.execPath, here('../../engine/main.ts')], local, stopping.signal),
    async k6(attempt: number): Promise<ScriptRun> {
      const file = join(out, 'runs', `${hash}-${attempt}.json`);
      const before = await readJson<ScriptRun>(file).catch(() => null);
      if (before) return before;
      const run = await runScript([k6 as string], local, stopping.signal);
      await writeFile(file, JSON.stringify(run));
      return run;
    },
  };
}

async function report(found: Verdicts): Promise<void> {
  const table = tableOf(found);
  await writeFile(verdictsFile, JSON.stringify(kept, null, 1));
  await writeFile(join(out, 'summary.txt'), `${table}\n`);
  console.log(`\n${table}\n\n${verdictsFile}`);
  if ([...found.values()].some(({ verdict }) => verdict === 'differ')) process.exitCode ||= 1;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function hashOfFiles(root: string, patterns: readonly string[] = ['**/*.{ts,js}']): Promise<string> {
  const names = (await Array.fromAsync(glob([...patterns], { cwd: root }))).sort();
  return digest(...(await Promise.all(names.map((name) => readFile(join(root, name), 'utf8')))));
}

function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length} ${text}`);
  return hash.digest('hex').slice(0, 24);
}
