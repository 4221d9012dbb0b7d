import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type EngineRun, type LogLine, parseLines, runEngine } from './engine-process.ts';

/** The outcome of running a script. */
interface SourceRun {
  readonly exitCode: number | null;
  /** The console output. */
  readonly said: string[];
  /** The first line of each error that the engine logged. */
  readonly errors: string[];
  readonly log: LogLine[];
  /** Each metric's values in the summary. */
  readonly metrics: Record<string, Record<string, number>>;
}

/**
 * Runs a script, given as source text, in the engine.
 *
 * @param given.env The script's variables, passed with `-e`.
 * @param given.environment The environment of the engine's process.
 * @param given.files Additional files in the script's folder.
 */
export async function runSource(
  source: string,
  given: {
    args?: readonly string[];
    env?: Readonly<Record<string, string>>;
    environment?: Readonly<Record<string, string>>;
    files?: Readonly<Record<string, string>>;
  } = {},
): Promise<SourceRun> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-source-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [script, summary] = [join(folder, 'script.ts'), join(folder, 'summary.json')];
  for (const [name, content] of Object.entries(given.files ?? {})) await writeFile(join(folder, name), content);
  await writeFile(script, source);
  const env = Object.entries(given.env ?? {}).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const args = ['run', '--quiet', '--log-format', 'json', '--summary-export', summary, ...env, ...(given.args ?? [])];
  const run: EngineRun = await runEngine([...args, script], folder, given.environment);
  const log = parseLines(run.stderr);
  return {
    exitCode: run.exitCode,
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
