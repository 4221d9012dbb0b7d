import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTarget } from './target/start-target.ts';

/** A script that takes longer is ended. */
const LIMIT_MS = 20_000;

/** A script to run. */
export interface LocalScript {
  readonly path: string;
  /** Values for `__ENV`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Flags that limit the load if the script could not be changed. */
  readonly flags: readonly string[];
}

/** Everything that a run left behind. */
export interface ScriptRun {
  /** Null if the script took too long. */
  readonly exitCode: number | null;
  /** What the script wrote there. */
  readonly stdout: string;
  readonly log: readonly { readonly level: string; readonly msg: string; readonly source?: string }[];
  /** What `--summary-export` wrote, or null. */
  readonly summary: Summary | null;
  readonly samples: readonly object[];
  /** The names of the files that the script wrote. */
  readonly files: readonly string[];
  /** What arrived at the target. */
  readonly arrived: readonly string[];
  readonly names: Readonly<Record<string, string>>;
}

/** The format of `--summary-export`. */
export interface Summary {
  readonly root_group: Group;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | Record<string, boolean>>>>>;
}

export interface Group {
  readonly path: string;
  readonly groups: Readonly<Record<string, Group>>;
  readonly checks: Readonly<Record<string, { readonly path: string; readonly passes: number; readonly fails: number }>>;
}

/**
 * Runs a script with a target of its own.
 *
 * @param command The command of k6 or of the embedded engine, without arguments.
 */
export async function runScript(
  [file = '', ...first]: readonly string[],
  script: LocalScript,
  signal: AbortSignal,
): Promise<ScriptRun> {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  const cwd = join(folder, 'cwd');
  await mkdir(cwd);
  const target = await startTarget();
  const [summary, samples, config] = ['summary.json', 'samples.json', 'config.json'].map((name) => join(folder, name));
  try {
    const options = { hosts: { '*': target.address }, insecureSkipTLSVerify: true };
    await writeFile(config as string, JSON.stringify(options));
    const args = [
      ...first,
      'run',
      '--quiet',
      '--no-color',
      '--log-format',
      'json',
      '--out',
      `json=${samples}`,
      '--summary-export',
      summary as string,
      '--config',
      config as string,
      ...Object.entries(script.environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...script.flags,
      script.path,
    ];
    const ended = await finish(file, args, cwd, signal);
    return {
      exitCode: ended.exitCode,
      stdout: ended.stdout,
      log: lines(ended.stderr),
      summary: await readFile(summary as string, 'utf8').then(
        (text) => JSON.parse(text) as Summary,
        () => null,
      ),
      samples: lines(await readFile(samples as string, 'utf8').catch(() => '')),
      files: await readdir(cwd, { recursive: true }),
      arrived: target.arrived,
      names: { [target.address]: 'TARGET', [folder]: 'FOLDER' },
    };
  } finally {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function finish(file: string, args: readonly string[], cwd: string, signal: AbortSignal) {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = {
    HOME: cwd,
    PATH,
    NODE_COMPILE_CACHE,
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
  };
  const options = { cwd, env, signal, timeout: LIMIT_MS, killSignal: 'SIGKILL' as const, maxBuffer: 50_000_000 };
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error?.code ?? 0;
      if (signal.aborted || (typeof code === 'string' && code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')) reject(error);
      else resolve({ exitCode: error?.killed ? null : Number(code), stdout, stderr });
    });
  });
}

/** Parses JSON lines. Other lines, such as a panic, become error messages. */
function lines<T extends object>(text: string): T[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      try {
        return JSON.parse(line) as T;
      } catch {
        return { level: 'error', msg: line } as unknown as T;
      }
    });
}
