import { readdirSync, readFileSync } from 'node:fs';

/** A machine's processor time in kernel ticks. */
export interface ProcessorTime {
  /** All time, used or not. */
  total: number;
  /** The time that programs used, and that other virtual machines took. Without the handling of interrupts. */
  used: number;
  /** The time that other virtual machines took (steal). */
  stolen: number;
}

/** Parses the first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …`. */
export function parseProcessorTime(text: string): ProcessorTime | undefined {
  const [name, ...ticks] = (text.split('\n', 1)[0] ?? '').split(/\s+/);
  // The guest times that follow steal are already included in user and nice.
  const counted = ticks.slice(0, 8).map(Number);
  if (name !== 'cpu' || counted.length < 8 || counted.some(Number.isNaN)) return undefined;
  const [user = 0, nice = 0, system = 0] = counted;
  const stolen = counted[7] as number;
  return { total: counted.reduce((sum, amount) => sum + amount, 0), used: user + nice + system + stolen, stolen };
}

/** Returns the machine's processor time so far, or undefined if the system does not report it; only Linux does. */
export const readProcessorTime = (): ProcessorTime | undefined => parseProcessorTime(readProc('stat') ?? '');

/** Returns which share of the time between two readings other virtual machines took, from 0 to 1. 0 if it isn't known. */
export function stolenBetween(before: ProcessorTime | undefined, after: ProcessorTime | undefined): number {
  const ticks = before && after ? after.total - before.total : 0;
  return before && after && ticks > 0 ? (after.stolen - before.stolen) / ticks : 0;
}

/**
 * Whether a process is stopped (by SIGSTOP or a debugger), based on the contents of /proc/<pid>/stat. The state follows
 * the closing parenthesis of the name.
 */
export const isStopped = (text: string): boolean => /^\) [Tt] /.test(text.slice(text.lastIndexOf(')')));

/** Reads a file under /proc. Returns undefined if it does not exist, as on other operating systems. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Returns the IDs of a process's children, on Linux. */
const childrenOf = (pid: number): number[] =>
  readProcFolder(`${pid}/task`)
    .flatMap((thread) => (readProc(`${pid}/task/${thread}/children`) ?? '').split(' '))
    .filter((child) => child !== '')
    .map(Number);

/**
 * Returns the sum of a figure of a process and those of its descendants. Returns undefined if the system does not report the process; only
 * Linux does.
 */
export function sumWithChildren(pid: number, usedBy: (pid: number) => number | undefined): number | undefined {
  const own = usedBy(pid);
  if (own === undefined) return undefined;
  return childrenOf(pid).reduce((sum, child) => sum + (sumWithChildren(child, usedBy) ?? 0), own);
}

/** Lists a folder under /proc. Returns an empty list if it does not exist. */
export function readProcFolder(path: string): string[] {
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    return [];
  }
}
