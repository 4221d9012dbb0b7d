import { readProc, sumWithChildren } from './proc.ts';

/** The kernel reports times in ticks of this many milliseconds: USER_HZ is 100 on all common architectures. */
export const TICK_MS = 10;

/**
 * Returns the processor time that a process and its descendants have used, in milliseconds, to within a tick of 10 ms.
 * The time of a child that has exited counts if its parent has waited for it. Returns undefined if the system does not
 * report it; only Linux does.
 */
export const processorTime = (pid: number): number | undefined =>
  sumWithChildren(pid, (id) => parseUsedTime(readProc(`${id}/stat`) ?? ''));

/**
 * Parses /proc/PID/stat: `utime stime cutime cstime` are the 14th to 17th field, and the 12th to 15th after the name,
 * which may contain blanks. Returns milliseconds.
 */
export function parseUsedTime(text: string): number | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const ticks = fields.slice(11, 15).map(Number);
  if (ticks.length < 4 || ticks.some(Number.isNaN)) return undefined;
  return ticks.reduce((sum, tick) => sum + tick, 0) * TICK_MS;
}
