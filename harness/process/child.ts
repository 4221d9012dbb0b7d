import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atMostFor, now, pause } from '../base/clock.ts';
import { MARK, type RunningProcess, startedBy } from '../machine/process-tree.ts';
import type { Reaper } from './reaper.ts';
import { signalAll } from './signal-all.ts';

/** How a process ended: its exit code, or the signal that terminated it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Whether other processes that it has started were left, and were killed: see `isolated`. */
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
  reaper?: Reaper | undefined;
  /**
   * Whether it exits by itself when its standard input is closed, after it has cleaned up. The reaper gives it time for
   * this. Defaults to false with a reaper: it has no standard input.
   */
  endsWithInput?: boolean;
  /**
   * Whether it is ended like the first process of a container: only the process itself gets a signal, and what it has
   * started is killed when it has exited. Otherwise, all get the signal.
   */
  isolated?: boolean;
}

/** How long what a process has started may run after it has ended by itself, in milliseconds. */
const LEFT_MS = 1_000;

/** How often to look for it, and how long its killed processes may keep the output open, in milliseconds. */
const EVERY_MS = 25;
const CLOSED_MS = 1_000;

/**
 * A lab process that runs in a separate process group. Ctrl-C in a terminal therefore reaches only the harness, which
 * then stops its processes in order. It ends with everything that it has started, also in another session.
 */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #isIsolated: boolean;
  readonly #mark: string;
  /** The processes that it had started at the last look. They may have lost their parent since. */
  #known: readonly RunningProcess[] = [];
  /** When what is left is killed, in milliseconds since the epoch. */
  #deadline = Number.POSITIVE_INFINITY;
  /**
   * Resolves when the process and what it has started have ended, and all of their output has been read, or when they
   * have been killed.
   */
  readonly exited: Promise<Exit>;

  private constructor(process: ChildProcess, mark: string, { onLine, reaper, isolated = false }: ChildOptions) {
    this.#process = process;
    this.#isIsolated = isolated;
    this.#mark = mark;
    const closed = new Promise((resolve) => process.once('close', resolve));
    const ended = new Promise<Exit>((resolve) => process.once('exit', (code, signal) => resolve({ code, signal })));
    this.exited = ended.then(async (exit) => {
      const isLeft = isolated && this.#isLeft();
      if (isLeft) this.signal('SIGKILL');
      const wasAsked = this.#deadline < Number.POSITIVE_INFINITY;
      if (isolated || !wasAsked) this.#deadline = now() + LEFT_MS;
      await this.#endRest(closed);
      reaper?.forgetProcess(this.pid);
      return { ...exit, ...(isLeft && { left: true }) };
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: process[stream] as Readable }).on('line', (line) => onLine?.(line, stream));
    }
  }

  /** @throws The spawn error, for example ENOENT if the command does not exist. */
  static async start(options: ChildOptions): Promise<Child> {
    const [file = '', ...args] = options.command;
    const mark = randomUUID();
    const started = spawn(file, args, {
      cwd: options.cwd,
      env: { ...(options.environment ?? process.env), [MARK]: mark },
      detached: true,
      stdio: [options.reaper && !options.endsWithInput ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    // It may end while something is written.
    started.stdin?.on('error', () => {});
    const child = new Child(started, mark, options);
    await once(started, 'spawn').catch((error) => {
      if (error.code === 'ENOENT' && existsSync(options.cwd ?? '.'))
        error.message = `there is no program ${file} ${file.includes('/') ? 'here' : 'on PATH'} (${error.message})`;
      throw error;
    });
    options.reaper?.rememberProcess(child.pid, mark, options.endsWithInput);
    return child;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Writes a line to the process's standard input, which is available only without a reaper, or with `endsWithInput`. */
  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Sends a signal to the process and to what it has started. */
  signal(signal: NodeJS.Signals): void {
    signalAll(this.pid, this.#started(), signal);
  }

  /** Stops the process with SIGTERM or the given signal, and with SIGKILL after the grace period in milliseconds. */
  async stop(graceMs = 5_000, signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.#deadline = Math.min(this.#deadline, now() + graceMs);
    if (this.running && this.#isIsolated) {
      this.#started();
      this.#process.kill(signal);
    } else if (this.running) this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Looks for the processes that it has started, and remembers them. */
  #started(): readonly RunningProcess[] {
    this.#known = startedBy(this.pid, this.#mark, this.#known);
    return this.#known;
  }

  #isLeft(): boolean {
    return this.#started().length > 0;
  }

  /** Waits until what the process has started has ended, and kills it at the deadline. */
  async #endRest(closed: Promise<unknown>): Promise<void> {
    const isClosed = await atMostFor(Math.max(0, this.#deadline - now()), closed);
    while (isClosed && now() < this.#deadline && this.#isLeft()) await pause(EVERY_MS);
    if (isClosed && !this.#isLeft()) return;
    this.signal('SIGKILL');
    if (await atMostFor(CLOSED_MS, closed)) return;
    // A process that can't be found holds it.
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
