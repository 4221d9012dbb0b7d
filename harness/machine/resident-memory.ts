import { readProc, sumWithChildren } from './proc.ts';

/**
 * Returns the resident memory of a process and its descendants in bytes. Returns undefined if the system does not
 * report it; only Linux does.
 */
export const residentMemory = (pid: number): number | undefined =>
  sumWithChildren(pid, (id) => parseResident(readProc(`${id}/status`) ?? ''));

/** Parses /proc/PID/status. Returns bytes. */
export function parseResident(text: string): number | undefined {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}
