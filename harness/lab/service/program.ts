import type { Exit } from '../../process/child.ts';

/** A started program: a process, a container, or a service with its workers. */
export interface Program {
  /** Its process ID, or undefined if it runs in a container. */
  readonly pid: number | undefined;
  /** The process IDs of its workers. Absent if it has none. */
  readonly workers?: readonly number[];
  readonly running: boolean;
  /** Resolves when it has ended and all of its output has been read. */
  readonly exited: Promise<Exit>;
  /** Ends it with SIGTERM or the given signal, and with SIGKILL after the grace period in milliseconds. */
  stop(graceMs?: number, signal?: NodeJS.Signals): Promise<Exit>;
}
