import { readProc, readProcFolder } from '../machine/proc.ts';

/** The processes to watch. */
export interface Watched {
  /** Returns the current process ids. */
  pids: () => readonly number[];
  /**
   * `all`: every thread of these processes and of their descendants. `main`: only the main thread, for a Node process
   * that works only there; its other threads compile and collect garbage.
   */
  threads: 'all' | 'main';
}

/**
 * Measures how long threads were ready to run but had no processor: the kernel's run delay in
 * /proc/PID/task/TID/schedstat. Processes and threads may come and go.
 */
export class RunDelay {
  readonly #watched: Watched;
  /** Nanoseconds by thread; undefined before the first call. */
  #seen: Map<number, number> | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /**
   * Returns the longest wait of a single thread since the last call, in milliseconds; 0 at the first call. The last
   * wait of a thread that has ended is lost. undefined if the system does not report it: only Linux does.
   */
  take(): number | undefined {
    const found = new Map<number, number>();
    const { pids, threads } = this.#watched;
    for (const pid of pids()) {
      if (threads === 'all') addThreads(pid, found);
      else addThread(pid, pid, found);
    }
    const before = this.#seen;
    if (found.size === 0 && before === undefined) return undefined;
    this.#seen = found;
    let longest = 0;
    for (const [thread, delay] of before ? found : []) {
      const known = before?.get(thread) ?? 0;
      // The kernel reuses thread ids, and the count of a new thread starts at 0.
      longest = Math.max(longest, (delay < known ? delay : delay - known) / 1_000_000);
    }
    return longest;
  }
}

function addThreads(pid: number, found: Map<number, number>): void {
  for (const thread of readProcFolder(`${pid}/task`)) {
    addThread(pid, Number(thread), found);
    const children = readProc(`${pid}/task/${thread}/children`) ?? '';
    for (const child of children.split(' ')) if (child !== '') addThreads(Number(child), found);
  }
}

function addThread(pid: number, thread: number, found: Map<number, number>): void {
  const delay = parseRunDelay(readProc(`${pid}/task/${thread}/schedstat`) ?? '');
  if (delay !== undefined) found.set(thread, delay);
}

/**
 * Parses the second number of schedstat (`time on a processor, time waiting for one, number of runs`), in nanoseconds.
 */
export function parseRunDelay(text: string): number | undefined {
  const [, delay] = /^\d+ (\d+) \d+/.exec(text) ?? [];
  return delay === undefined ? undefined : Number(delay);
}
