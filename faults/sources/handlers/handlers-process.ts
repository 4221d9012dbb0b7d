import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../base/refusal.ts';
import type { FromHandlers } from './protocol.ts';

/** It is TypeScript unless this is a bundle. */
const MAIN = fileURLToPath(new URL(`serve-handlers${extname(import.meta.filename)}`, import.meta.url));
const START_LIMIT_MS = 30_000;

/** The process that serves a team's handlers. It always exits together with this process. */
export class HandlersProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  /** The origin at which it serves the handlers, for example `http://127.0.0.1:40123`. */
  readonly address: string;
  /** The value that every request must have in the header `TOKEN`. */
  readonly token: string;
  /** The base URL that the handlers see. */
  readonly origin: string;

  private constructor(process: ChildProcess, { port, token, origin }: Extract<FromHandlers, { ready: true }>) {
    this.#process = process;
    this.address = `http://127.0.0.1:${port}`;
    this.token = token;
    this.origin = origin;
  }

  /**
   * Waits until the handlers are being served.
   *
   * @throws Refusal with the reason why they can't be
   */
  static async start(args: readonly string[], cwd: string): Promise<HandlersProcess> {
    const started = fork(MAIN, args, { cwd, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    // Keep this process's stdout free of other output, because a program may read it.
    for (const output of [started.stdout, started.stderr]) output?.pipe(process.stderr, { end: false });
    const said = await firstMessage(started);
    if (said.ready) return new HandlersProcess(started, said);
    await end(started);
    throw new Refusal(said.code, said.message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#process);
  }
}

function firstMessage(child: ChildProcess): Promise<FromHandlers> {
  const { promise, resolve } = Promise.withResolvers<FromHandlers>();
  const fail = (message: string): void => resolve({ ready: false, code: 'handlers-failed', message });
  const limit = setTimeout(() => fail(`the handlers are not ready after ${START_LIMIT_MS / 1_000} s`), START_LIMIT_MS);
  child.once('message', (message) => resolve(message as FromHandlers));
  child.once('exit', (code, signal) => {
    fail(`the handlers' process ended with ${signal ?? `exit code ${code}`} before it was ready`);
  });
  return promise.finally(() => clearTimeout(limit));
}

/** Handlers have nothing to save. SIGKILL also terminates a handler that is in an endless loop. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
