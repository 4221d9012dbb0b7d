import type { RunningProcess } from '../machine/process-tree.ts';

/** Sends a signal to the group of a process, and to all others that it has started. They may have ended. */
export function signalAll(leader: number, started: readonly RunningProcess[], signal: NodeJS.Signals): void {
  const others = started.filter(({ group }) => group !== leader);
  for (const pid of [-leader, ...others.map((other) => other.pid)]) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
