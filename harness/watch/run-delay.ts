import { readProcFolder } from '../machine/proc.ts';
import { ProcFiles } from '../machine/proc-files.ts';

export interface Watched {
  /** Returns the current process IDs. */
  pids: () => readonly number[];
  /**
   * `all` measures every thread of these processes and their descendants. `main` measures only the main thread. Use it
   * for a Node process that does all its work there, because its other threads only compile and collect garbage.
   */
  threads: 'all' | 'main';
}

/**
 * Measures how long threads were ready to run but did not get a processor: the kernel's run delay in
 * /proc/PID/task/TID/schedstat. Processes and threads may start and exit at any time.
 */
export class RunDelay implements Disposable {
  readonly #files = new ProcFiles();
  readonly #watched: Watched;
  /** Nanoseconds per thread, or undefined before the first call. */
  #seen: Map<number, number> | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /**
   * Returns the longest time that a single thread has waited since the last call, in milliseconds. The first call
   * returns 0. The last wait of a thread that has exited is lost. Returns undefined if the system does not report it;
   * only Linux does.
   */
  take(): number | undefined {
    const found = new Map<number, number>();
    const { pids, threads } = this.#watched;
    this.#files.begin();
    for (const pid of pids()) {
      if (threads === 'all') this.#addThreads(pid, found);
      else this.#addThread(pid, pid, found);
    }
    const before = this.#seen;
    if (found.size === 0 && before === undefined) return undefined;
    this.#seen = found;
    let longest = 0;
    for (const [thread, delay] of before ? found : []) {
      const known = before?.get(thread) ?? 0;
      // The kernel reuses thread IDs, and a new thread's count starts at 0.
      longest = Math.max(longest, (delay < known ? delay : delay - known) / 1_000_000);
    }
    return longest;
  }

  #addThreads(pid: number, found: Map<number, number>): void {
    for (const thread of readProcFolder(`${pid}/task`)) {
      this.#addThread(pid, Number(thread), found);
      const children = this.#files.read(`${pid}/task/${thread}/children`) ?? '';
      for (const child of children.split(' ')) if (child !== '') this.#addThreads(Number(child), found);
    }
  }

  #addThread(pid: number, thread: number, found: Map<number, number>): void {
    const delay = parseRunDelay(this.#files.read(`${pid}/task/${thread}/schedstat`) ?? '');
    if (delay !== undefined) found.set(thread, delay);
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }
}

/**
 * Parses the second number of schedstat (`time on a processor, time waiting for one, number of runs`), in nanoseconds.
 */
export function parseRunDelay(text: string): number | undefined {
  const [, delay] = /^\d+ (\d+) \d+/.exec(text) ?? [];
  return delay === undefined ? undefined : Number(delay);
}
