import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether a process is still running. A process that has exited may remain in the process table as a zombie until its
 * exit code is read.
 */
export function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    process.kill(pid, 0);
    return !existsSync(stat) || !/^\d+ \(.*\) [ZX]/.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
