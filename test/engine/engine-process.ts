import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TEST_MS } from '../support/limits.ts';
import { called, product } from '../support/product.ts';
import { WarmProcesses } from '../support/warm-process.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly error?: string;
  readonly source?: string;
}

/** The outcome of running the engine. */
export interface EngineRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running engine process. */
export interface EngineProcess {
  readonly child: ChildProcess;
  /** Resolves when stderr contains the given text. */
  saw(text: string): Promise<void>;
  readonly ended: Promise<EngineRun>;
}

/** Starts the product's engine with the given arguments in a folder, and with a text as its standard input. */
export function startEngine(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
  input = '',
): EngineProcess {
  const child = spawn(...called(product.engine(args[0]), args), {
    cwd,
    env: { ...process.env, ...environment },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {}).end(input);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), TEST_MS);
  const ended = new Promise<EngineRun>((resolve, reject) => {
    child.once('error', reject).once('close', (exitCode) => {
      clearTimeout(limit);
      resolve({ exitCode, ...output });
    });
  });
  const saw = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.stderr.includes(text) && resolve();
      child.stderr.on('data', look);
      child.once('close', () => reject(new Error(`ended without saying ${text}: ${output.stderr}`)));
      look();
    });
  return { child, saw, ended };
}

type Run = (...given: Parameters<typeof startEngine>) => Promise<EngineRun>;

/** Runs the engine in a new process until it exits. */
export const runEngine: Run = (...given) => startEngine(...given).ended;

/**
 * Returns a function that runs the engine in a process that has loaded it already, if the product allows it. See
 * `WarmProcesses` for when to use a new process.
 *
 * @param options Options of Node.
 */
export function warmEngine(options: readonly string[] = []): Run {
  const { main } = product.engine();
  if (main === undefined) {
    const settings = options.length > 0 ? { NODE_OPTIONS: options.join(' ') } : {};
    return (args, cwd, environment) => runEngine(args, cwd, { ...settings, ...environment });
  }
  const processes = new WarmProcesses(main, options);
  return async (args, cwd, environment = {}) => {
    const { code, ...run } = await processes.run({ args, cwd, environment: { ...process.env, ...environment } });
    return { exitCode: code, ...run };
  };
}

/** Runs the engine in a process that has loaded it already. */
export const runWarmEngine: Run = warmEngine();

/** Parses JSON lines. */
export const parseLines = <T = LogLine>(text: string): T[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

/** Returns the path to one of the scripts for these tests. */
export const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}.ts`, import.meta.url));

/** Returns the script's console output from a JSON log. */
export const said = ({ stderr }: EngineRun): string[] =>
  parseLines(stderr)
    .filter(({ source }) => source === 'console')
    .map(({ msg }) => msg);

/** Returns the first line of each error in a JSON log. */
export const errors = ({ stderr }: EngineRun): (string | undefined)[] =>
  parseLines(stderr)
    .filter(({ level }) => level === 'error')
    .map(({ msg }) => msg.split('\n')[0]);
