import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** The service as a process, with its output so far. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  /**
   * Starts the service with these settings and PATH only.
   * @param log a descriptor for its standard output, or a pipe that nobody reads; default: {@link stdout}
   * @param openFiles maximum number of open files; default: that of the test
   */
  constructor(settings: NodeJS.ProcessEnv, { log, openFiles }: { log?: number | 'unread'; openFiles?: number } = {}) {
    const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles} && `;
    this.#child = spawn('sh', ['-c', `${limit}exec "$0" service/main.ts`, process.execPath], {
      env: { PATH: process.env.PATH, ...settings },
      stdio: ['ignore', typeof log === 'number' ? log : 'pipe', 'pipe'],
    });
    if (log === undefined) this.#child.stdout?.on('data', (chunk) => (this.stdout += chunk));
    this.#child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    // A test that times out never disposes it.
    onTestFinished(() => this.signal('SIGKILL'));
    // At 'exit', some output may not have arrived yet.
    this.exited = once(this.#child, log === 'unread' ? 'exit' : 'close').then(([code]) => code as number | null);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The log lines. */
  get log(): { level: number; msg: string; err?: { code?: string } }[] {
    return this.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** Waits until the service listens. @returns its base URL */
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
