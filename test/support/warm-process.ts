import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TEST_MS } from './limits.ts';

const MAIN = fileURLToPath(new URL('warm-main.ts', import.meta.url));

/** One run of a program. */
export interface Order {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** What a program has done. */
export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs in the order in which they were written. */
  readonly text: string;
}

/**
 * Runs a program again and again in processes that have loaded its modules already, which costs a tenth of a new
 * process. Each process does one thing at a time, and there are as many as are needed at once. Use a new process
 * instead if the subject is the process itself: its signals, its parent, its memory, or variables that Node reads at
 * its start.
 *
 * @param main The path of the program's main module, which is evaluated anew for each run.
 * @param options Options of Node, such as the size of the heap.
 */
export class WarmProcesses {
  readonly #main: string;
  readonly #options: readonly string[];
  readonly #idle: ChildProcess[] = [];

  constructor(main: string, options: readonly string[] = []) {
    this.#main = main;
    this.#options = options;
  }

  /** @throws Error if the process exits before the program has ended */
  async run(order: Order): Promise<Done> {
    const child = this.#idle.pop() ?? this.#start();
    child.ref();
    child.channel?.ref();
    const gone = new AbortController();
    const exited = once(child, 'exit', gone).then(([code, signal]) => {
      throw new Error(`the process of ${this.#main} ended (${signal ?? code}) while it ran ${order.args.join(' ')}`);
    });
    exited.catch(() => {});
    child.send(order);
    const limit = setTimeout(() => child.kill('SIGKILL'), TEST_MS);
    const answered = once(child, 'message', gone) as Promise<[Done & { isLast: boolean }]>;
    const [done] = await Promise.race([answered, exited]).finally(() => {
      clearTimeout(limit);
      gone.abort();
    });
    if (!done.isLast) this.#idle.push(child);
    // The test runner may end while the process waits for more.
    child.unref();
    child.channel?.unref();
    return done;
  }

  #start(): ChildProcess {
    return fork(MAIN, [this.#main], { execArgv: [...this.#options], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }
}
