import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Usage } from './probe.ts';

const PROBE = new URL('probe.ts', import.meta.url).href;

/**
 * A Node program that runs in a separate process and reports its resource usage. Disposing this object stops the
 * program. It also exits together with this process.
 */
export class ProbedProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#exited = once(process, 'exit');
  }

  /** Starts a module, given by its path relative to this folder. Its stderr is inherited. */
  static start(module: string) {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
      execArgv: ['--expose-gc', '--import', PROBE],
      // Run in a separate process group, so that Ctrl-C reaches only this process, which then stops the others in
      // order.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new ProbedProcess(child);
  }

  /**
   * Waits for the first line of JSON with `ready: true`, and returns it.
   *
   * @throws Error if the process exits before printing it
   */
  async ready<Ready>(): Promise<Ready> {
    const lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream });
    for await (const line of lines) {
      if (!line.startsWith('{"ready":true')) continue;
      this.#process.stdout?.resume();
      return JSON.parse(line);
    }
    throw new Error('a process ended before it was ready');
  }

  /** Returns the process's current usage. With `collected`, it is measured after a garbage collection. */
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
