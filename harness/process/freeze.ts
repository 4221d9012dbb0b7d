import { now, pause } from '../base/clock.ts';
import { familyOf } from '../machine/process-tree.ts';
import type { Reaper } from './reaper.ts';

/** How long to wait until all processes are stopped, and between two looks, in milliseconds. */
const STOPPED_WITHIN_MS = 1_000;
const EVERY_MS = 5;

/** A time in which processes were stopped, in milliseconds since the epoch. */
export interface Frozen {
  /** When the last of them was stopped. */
  readonly at: number;
  /** When the first of them continued. */
  readonly until: number;
  readonly processes: number;
  /** Why it is not certain that they didn't run in this time. */
  readonly problem?: string;
}

/**
 * Processes that are stopped with SIGSTOP until `end` is called. If the harness dies, the reaper resumes them.
 * Otherwise, a process that has left its group would stay stopped.
 */
export class Freeze {
  readonly #leaders: readonly number[];
  readonly #reaper: Reaper;
  readonly #stopped = new Set<number>();
  #at = 0;
  #ended: Frozen | undefined;

  private constructor(leaders: readonly number[], reaper: Reaper) {
    this.#leaders = leaders;
    this.#reaper = reaper;
  }

  /**
   * Stops the groups that these processes lead, and their descendants.
   *
   * @throws Error if one of them can't be stopped. All of them are then resumed
   */
  static async begin(leaders: readonly number[], reaper: Reaper): Promise<Freeze> {
    const freeze = new Freeze(leaders, reaper);
    try {
      await freeze.#stopAll();
    } catch (error) {
      freeze.end();
      throw error;
    }
    freeze.#at = now();
    return freeze;
  }

  /** Resumes all processes. Further calls return the same result. */
  end(): Frozen {
    if (this.#ended) return this.#ended;
    const left = this.#running();
    this.#ended = {
      at: this.#at,
      until: now(),
      processes: this.#stopped.size,
      ...(left.length > 0 && { problem: `not stopped at the end: ${left.join(', ')}` }),
    };
    for (const pid of this.#stopped) {
      signal(pid, 'SIGCONT');
      this.#reaper.forgetStopped(pid);
    }
    return this.#ended;
  }

  /** Repeats until no process is running, because the processes may start others in the meantime. */
  async #stopAll(): Promise<void> {
    const deadline = now() + STOPPED_WITHIN_MS;
    for (;;) {
      const family = familyOf(this.#leaders);
      if (family.length === 0) throw new Error('the service has no process');
      const running = family.filter(({ isStopped }) => !isStopped);
      if (running.length === 0) return;
      if (now() > deadline) throw new Error(`not stopped within 1 s: ${running.map(({ pid }) => pid).join(', ')}`);
      for (const { pid } of running) {
        this.#reaper.rememberStopped(pid);
        this.#stopped.add(pid);
        signal(pid, 'SIGSTOP');
      }
      await pause(EVERY_MS);
    }
  }

  #running(): string[] {
    return familyOf(this.#leaders).flatMap(({ isStopped, name, pid }) => (isStopped ? [] : [`${name} (${pid})`]));
  }
}

/** @throws Error if the process belongs to another user */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH')
      throw new Error(`process ${pid} can't be stopped`, { cause: error });
  }
}
