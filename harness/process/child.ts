import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Reaper } from './reaper.ts';

/** How a process ended: its exit code, or the signal that terminated it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Whether other processes of its group were left, and were killed: see `isolated`. */
  left?: true;
}

export interface ChildOptions {
  command: readonly string[];
  environment?: Record<string, string>;
  cwd?: string;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /**
   * Terminates the process if the harness dies. Without a reaper, the process must exit by itself when its standard
   * input is closed.
   */
  reaper?: Reaper;
  /**
   * Whether it is ended like the first process of a container: only the process itself gets a signal, and what is left
   * of its group is killed when it has exited. Otherwise, its group gets the signal.
   */
  isolated?: boolean;
}

/**
 * A lab process that runs in a separate process group. Ctrl-C in a terminal therefore reaches only the harness, which
 * then stops its processes in order.
 */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #isIsolated: boolean;
  #left = false;
  /** Resolves when the process has exited and all of its output has been read. */
  readonly exited: Promise<Exit>;

  private constructor(process: ChildProcess, { onLine, reaper, isolated = false }: ChildOptions) {
    this.#process = process;
    this.#isIsolated = isolated;
    if (isolated) process.once('exit', () => this.#killRest());
    this.exited = new Promise((resolve) => {
      process.once('close', (code, signal) => {
        reaper?.forgetProcess(this.pid);
        resolve({ code, signal, ...(this.#left && { left: true }) });
      });
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: process[stream] as Readable }).on('line', (line) => onLine?.(line, stream));
    }
  }

  /** @throws The spawn error, for example ENOENT if the command does not exist. */
  static async start(options: ChildOptions): Promise<Child> {
    const [file = '', ...args] = options.command;
    const started = spawn(file, args, {
      cwd: options.cwd,
      env: options.environment,
      detached: true,
      stdio: [options.reaper ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const child = new Child(started, options);
    await once(started, 'spawn');
    options.reaper?.rememberProcess(child.pid);
    return child;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Writes a line to the process's standard input, which is available only without a reaper. */
  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Sends a signal to the process and its children. */
  signal(signal: NodeJS.Signals): void {
    send(-this.pid, signal);
  }

  #killRest(): void {
    this.#left = send(-this.pid, 'SIGKILL');
  }

  /** Stops the process with SIGTERM or the given signal, and with SIGKILL after the grace period in milliseconds. */
  async stop(graceMs = 5_000, signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (this.running) send(this.#isIsolated ? this.pid : -this.pid, signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Sends a signal to a process, or to a group if the number is negative. Returns whether there was any. */
function send(to: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(to, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
