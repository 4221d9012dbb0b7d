import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a machine in kernel ticks: in total, and the part that other virtual machines took (steal). */
export interface ProcessorTime {
  total: number;
  stolen: number;
}

/** Reads the first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …`. */
export function parseProcessorTime(text: string): ProcessorTime | undefined {
  const [name, ...ticks] = (text.split('\n', 1)[0] ?? '').split(/\s+/);
  // The guest times after steal are already included in user and nice.
  const counted = ticks.slice(0, 8).map(Number);
  if (name !== 'cpu' || counted.length < 8 || counted.some(Number.isNaN)) return undefined;
  return { total: counted.reduce((sum, one) => sum + one, 0), stolen: counted[7] as number };
}

/**
 * Returns whether a process is stopped (SIGSTOP or a debugger), from the text of /proc/<pid>/stat. The state follows
 * the `)` of the name.
 */
export const isStopped = (text: string): boolean => /^\) [Tt] /.test(text.slice(text.lastIndexOf(')')));

/** Returns the text of a file under /proc; undefined if it does not exist, as on other systems. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Returns the names in a folder under /proc; an empty list if it does not exist. */
export function readProcFolder(path: string): string[] {
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    return [];
  }
}
