import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Usage } from './probe.ts';

const PROBE = new URL('probe.ts', import.meta.url).href;

/** A program of Node in a process of its own, which tells what it uses. Disposing ends it; so does the end of this process. */
export class ProbedProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#exited = once(process, 'exit');
  }

  /** Starts a module, given relative to this folder. Its standard error is shown. */
  static start(module: string, { args = [], env = process.env }: { args?: string[]; env?: NodeJS.ProcessEnv } = {}) {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), args, {
      execArgv: ['--expose-gc', '--import', PROBE],
      env,
      // A group of its own: Ctrl-C reaches only this process, which ends the others in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new ProbedProcess(child);
  }

  /** The first line that it prints that is JSON with `ready: true`. @throws Error where it ends before */
  async ready<Ready>(): Promise<Ready> {
    const lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream });
    for await (const line of lines) {
      if (!line.startsWith('{"ready":true')) continue;
      this.#process.stdout?.resume();
      return JSON.parse(line);
    }
    throw new Error('a process ended before it was ready');
  }

  /** What it has used and holds now; with `collected` after a garbage collection. */
  async usage({ collected = false } = {}): Promise<Usage> {
    this.#process.send(collected ? 'usage after collection' : 'usage');
    const [usage] = await once(this.#process, 'message');
    return usage;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#exited;
  }
}
