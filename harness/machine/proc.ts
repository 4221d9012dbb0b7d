import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a machine in all, and what of it others took from a virtual one (steal): in the kernel's ticks. */
export interface ProcessorTime {
  total: number;
  stolen: number;
}

/** Reads the first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …`. */
export function parseProcessorTime(text: string): ProcessorTime | undefined {
  const [name, ...ticks] = (text.split('\n', 1)[0] ?? '').split(/\s+/);
  // What follows steal, guests' time, is part of user and nice.
  const counted = ticks.slice(0, 8).map(Number);
  if (name !== 'cpu' || counted.length < 8 || counted.some(Number.isNaN)) return undefined;
  return { total: counted.reduce((sum, one) => sum + one, 0), stolen: counted[7] as number };
}

/** Whether a process is stopped (SIGSTOP, or a debugger), by the text of its /proc/<pid>/stat: the state is after the name's `)`. */
export const isStopped = (text: string): boolean => /^\) [Tt] /.test(text.slice(text.lastIndexOf(')')));

/** The text of a file under /proc; undefined where there is none, as on other systems. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** The names in a folder under /proc; none where there is no such folder. */
export function readProcFolder(path: string): string[] {
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    return [];
  }
}
