import { childrenOf, readProc } from './proc.ts';

/**
 * Returns the resident memory of a process and its descendants in bytes. Returns undefined if the system does not
 * report it; only Linux does.
 */
export function residentMemory(pid: number): number | undefined {
  const own = parseResident(readProc(`${pid}/status`) ?? '');
  if (own === undefined) return undefined;
  return childrenOf(pid).reduce((sum, child) => sum + (residentMemory(child) ?? 0), own);
}

/** Parses /proc/PID/status. Returns bytes. */
export function parseResident(text: string): number | undefined {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}
