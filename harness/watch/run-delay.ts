import { readProc, readProcFolder } from '../machine/proc.ts';

/** Processes whose waiting is watched. */
export interface Watched {
  /** As they are at the time of the call. */
  pids: () => readonly number[];
  /**
   * `all`: all of their threads, and those of all processes that they started. `main`: the main thread alone, of a Node process that
   * does everything there; those beside it compile and collect garbage.
   */
  threads: 'all' | 'main';
}

/**
 * Tells how long threads were ready to run and had no processor (the kernel's run delay, /proc/PID/task/TID/schedstat). Processes and
 * threads may come and go.
 */
export class RunDelay {
  readonly #watched: Watched;
  /** By thread, in nanoseconds; undefined before the first look. */
  #seen: Map<number, number> | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /**
   * Milliseconds that the thread which waited longest has waited since the last call; 0 at the first call. A thread that ended takes along
   * what it waited since the last call. Undefined if the system does not tell, as only Linux does.
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
      // A number is given to another thread in time, whose own count begins at 0.
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

/** The second of the numbers in a schedstat, `time on a processor, time waiting for one, times that it ran`: nanoseconds. */
export function parseRunDelay(text: string): number | undefined {
  const [, delay] = /^\d+ (\d+) \d+/.exec(text) ?? [];
  return delay === undefined ? undefined : Number(delay);
}
