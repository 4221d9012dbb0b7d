import { existsSync, readFileSync } from 'node:fs';

/** Whether a process runs still. One that has ended may stay in the table, as a zombie, until somebody asks for its exit code. */
export function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    process.kill(pid, 0);
    return !existsSync(stat) || !/^\d+ \(.*\) [ZX]/.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}
