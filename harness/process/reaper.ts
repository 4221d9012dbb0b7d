import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { now, pause } from '../base/clock.ts';
import { MARK, startedBy } from '../machine/process-tree.ts';
import { signalAll } from './signal-all.ts';

/**
 * Cleans up if the harness is killed. The reaper is a separate process that keeps track of all resources that the
 * harness creates, and removes the remaining ones after the harness has died. A harness that exits normally leaves
 * none.
 */
export class Reaper implements AsyncDisposable {
  /** What to remove. A reaper that takes the place of a killed one gets all of it. */
  readonly #left = new Set<string>();
  #process: ChildProcess = this.#start();
  #isEnding = false;
  #isKilling = false;
  #replaced = 0;

  #start(): ChildProcess {
    // It must not end with the process that this one is part of.
    const { [MARK]: _, ...env } = process.env;
    const started = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      detached: true,
      // The harness may be killed before it can write anything.
      env: { ...env, [LEFT]: [...this.#left].join('\n') },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // It may be killed while something is written.
    started.stdin?.on('error', () => {});
    started.once('exit', () => this.#replace());
    return started;
  }

  #replace(): void {
    if (this.#isEnding || this.#replaced >= MOST_REPLACED) return;
    this.#replaced += 1;
    this.#process = this.#start();
  }

  /** @param endsByItself Whether it ends when the harness ends: it is killed only if it has not. Defaults to false. */
  rememberProcess = (pid: number, mark: string, endsByItself = false): void =>
    this.#remember(`${endsByItself ? 'helper' : 'process'} ${pid} ${mark}`);
  forgetProcess(pid: number): void {
    for (const what of this.#left) if (/^(process|helper) (\d+) /.exec(what)?.[2] === String(pid)) this.#forget(what);
  }
  /** The reaper resumes these processes with SIGCONT. */
  rememberStopped = (pid: number): void => this.#remember(`stopped ${pid}`);
  forgetStopped = (pid: number): void => this.#forget(`stopped ${pid}`);
  rememberFolder = (path: string): void => this.#remember(`folder ${path}`);
  forgetFolder = (path: string): void => this.#forget(`folder ${path}`);
  /** Kills all processes that are still running, for a harness that can't wait until they have ended. */
  killProcesses(): void {
    this.#isKilling = true;
    this.#tell(KILL);
  }
  /** Whether it was told to kill all processes, so that none of them has ended by itself. */
  get isKilling(): boolean {
    return this.#isKilling;
  }
  rememberContainer = (id: string): void => this.#remember(`container ${id}`);
  forgetContainer = (id: string): void => this.#forget(`container ${id}`);

  #remember(what: string): void {
    this.#left.add(what);
    this.#tell(`+${what}`);
  }

  #forget(what: string): void {
    this.#left.delete(what);
    this.#tell(`-${what}`);
  }

  #tell(line: string): void {
    if (this.#process.stdin?.writable) this.#process.stdin.write(`${line}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    const { exitCode, signalCode, pid } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await exited;
  }
}

/** The environment variable in which a reaper process gets the resources that exist when it starts. */
const LEFT = 'PROOFLOAD_LEFT';

/** How often a reaper that was killed is replaced. */
const MOST_REPLACED = 3;

const KILL = 'kill processes';

const kill = (what: string): void => {
  const [pid, mark = ''] = what.split(' ');
  signalAll(Number(pid), startedBy(Number(pid), mark), 'SIGKILL');
};

const remove: Record<string, (what: string) => void> = {
  process: kill,
  helper: kill,
  stopped: (pid) => process.kill(Number(pid), 'SIGCONT'),
  folder: (path) => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  container: (id) => spawn('docker', ['rm', '--force', '--volumes', id], { stdio: 'ignore' }).unref(),
};

/** The reaper process's code: reads resources until its input ends, then removes those that have not been released. */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const left = new Set((process.env[LEFT] ?? '').split('\n').filter(Boolean));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === KILL) removeAll([...left].filter((entry) => entry.startsWith('process ')));
    else if (line.startsWith('+')) left.add(line.slice(1));
    else left.delete(line.slice(1));
  }
  const all = [...left];
  const processes = all.filter((entry) => entry.startsWith('process '));
  removeAll(processes);
  // A killed process may still complete a system call that writes to a folder.
  await endOf(all.filter((entry) => entry.startsWith('helper ') || processes.includes(entry)));
  removeAll(all);
}

/** How long killed processes and helpers may take to end, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Waits until processes have ended, at most for a time. */
async function endOf(processes: readonly string[]): Promise<void> {
  const isRunning = (entry: string) => {
    const [, pid, mark = ''] = entry.split(' ');
    return startedBy(Number(pid), mark).length > 0;
  };
  for (const until = now() + PATIENCE_MS; now() < until && processes.some(isRunning); ) await pause(50);
}

function removeAll(entries: readonly string[]): void {
  for (const entry of entries) {
    const [kind = '', ...rest] = entry.split(' ');
    try {
      remove[kind]?.(rest.join(' '));
    } catch {
      // It no longer exists.
    }
  }
}

if (import.meta.main) await main();
