import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import contract from '../../../service/proofload.config.ts';

const MAIN = contract.start.command.at(-1);

/** Runs the service as a process and collects its output. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  /**
   * Starts the service with only the given settings, PATH and the folder of compiled modules.
   * @param log A file descriptor for its standard output, or `unread` for a pipe that nobody reads. Defaults to {@link
   * stdout}.
   * @param openFiles Maximum number of open files. Defaults to the limit of the test process.
   */
  constructor(settings: NodeJS.ProcessEnv, { log, openFiles }: { log?: number | 'unread'; openFiles?: number } = {}) {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles} && `;
    this.#child = spawn('sh', ['-c', `${limit}exec "$0" "${MAIN}"`, process.execPath], {
      env: { PATH, NODE_COMPILE_CACHE, ...settings },
      stdio: ['ignore', typeof log === 'number' ? log : 'pipe', 'pipe'],
    });
    if (log === undefined) this.#child.stdout?.on('data', (chunk) => (this.stdout += chunk));
    this.#child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    // A test that times out never disposes of it.
    onTestFinished(() => this.signal('SIGKILL'));
    // When `exit` is emitted, some output may not have arrived yet.
    this.exited = once(this.#child, log === 'unread' ? 'exit' : 'close').then(([code]) => code as number | null);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The parsed log lines. */
  get log(): { level: number; msg: string; err?: { code?: string } }[] {
    return this.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /**
   * Waits until the service is listening.
   *
   * @returns Its base URL.
   */
  async listening(): Promise<string> {
    const found = () => this.stdout.match(/listening on (http:\/\/[^"]+)/)?.[1];
    while (found() === undefined && this.#child.exitCode === null) {
      await Promise.race([once(this.#child.stdout as NodeJS.ReadableStream, 'data'), this.exited]);
    }
    const url = found();
    if (url === undefined) throw new Error(`the service does not listen: ${this.stdout}${this.stderr}`);
    return url;
  }

  /** Closes the reading end of its standard output. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }
}
