import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EngineRun, type LogLine, parseLines, runEngine, runWarmEngine } from './engine-process.ts';

/** The outcome of running a script. */
interface SourceRun {
  /** The script's folder, which does not exist any more. */
  readonly folder: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The console output. */
  readonly said: string[];
  /** The first line of each error that the engine logged. */
  readonly errors: string[];
  readonly log: LogLine[];
  /** Each metric's values in the summary. */
  readonly metrics: Record<string, Record<string, number>>;
}

interface Given {
  /** The script's name. Defaults to `script.ts`. */
  readonly name?: string;
  readonly args?: readonly string[];
  /** The script's variables, passed with `-e`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The environment of the engine's process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Additional files in the script's folder. Names may include folders. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs a script, given as source text, in the engine. */
export async function runSource(source: string, given: Given = {}): Promise<SourceRun> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-source-'));
  try {
    return await runIn(folder, source, given);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, source: string, given: Given): Promise<SourceRun> {
  const [script, summary] = [join(folder, given.name ?? 'script.ts'), join(folder, 'summary.json')];
  for (const [name, content] of Object.entries(given.files ?? {})) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await writeFile(script, source);
  const env = Object.entries(given.env ?? {}).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const args = ['run', '--quiet', '--log-format', 'json', '--summary-export', summary, ...env, ...(given.args ?? [])];
  // Node reads these variables at its start.
  const needsProcess = Object.keys(given.environment ?? {}).some((name) => name.startsWith('NODE_'));
  const start = needsProcess ? runEngine : runWarmEngine;
  const run: EngineRun = await start([...args, script], folder, given.environment);
  const log = parseLines(run.stderr);
  return {
    folder,
    exitCode: run.exitCode,
    stdout: run.stdout,
    said: log.filter(({ source }) => source === 'console').map(({ msg }) => msg),
    errors: log
      .filter(({ level, source }) => level === 'error' && source !== 'console')
      .map(({ msg }) => msg.split('\n')[0] ?? ''),
    log,
    metrics: await readFile(summary, 'utf8').then(
      (text) => JSON.parse(text).metrics,
      () => ({}),
    ),
  };
}
