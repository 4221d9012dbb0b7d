import { spawnSync } from 'node:child_process';
import { readProc, readProcFolder } from './proc.ts';

/** A process of this machine. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly name: string;
  /** Whether it is stopped, for example by SIGSTOP, and continues with SIGCONT. */
  readonly isStopped: boolean;
  /** When it was started, in kernel ticks after the machine. Absent if the system doesn't report it; only Linux does. */
  readonly started?: number;
}

/**
 * Returns the processes of the groups that these processes lead, and all of their descendants, also those that have
 * moved to another group. Processes that have ended, or whose parents have ended, are not among them.
 */
export function familyOf(leaders: readonly number[], all: readonly RunningProcess[] = listProcesses()) {
  const family = all.filter(({ pid, group }) => leaders.includes(pid) || leaders.includes(group));
  const known = new Set(family.map(({ pid }) => pid));
  const children = Map.groupBy(all, ({ parent }) => parent);
  // New members are appended while it is read.
  for (const { pid } of family) {
    const found = (children.get(pid) ?? []).filter((child) => !known.has(child.pid));
    for (const child of found) known.add(child.pid);
    family.push(...found);
  }
  return family;
}

/** Lists all processes of this machine that this user can see, except those that have ended. */
export const listProcesses = (): RunningProcess[] =>
  readProc('self/stat') === undefined ? listWithPs() : readProcFolder('.').flatMap((name) => readProcess(Number(name)));

function readProcess(pid: number): RunningProcess[] {
  const stat = Number.isInteger(pid) ? readProc(`${pid}/stat`) : undefined;
  // The name, in parentheses, may contain any character.
  const end = stat?.lastIndexOf(')') ?? -1;
  if (stat === undefined || end === -1) return [];
  const [state = '', parent, group, ...others] = stat.slice(end + 2).split(' ');
  const name = stat.slice(stat.indexOf('(') + 1, end);
  return known({ pid, parent: Number(parent), group: Number(group), state, name, started: Number(others[16]) });
}

/** For systems without /proc, such as macOS. */
function listWithPs(): RunningProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,comm='], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, parent, group, state = '', name = ''] = /^ *(\d+) +(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : known({ pid: Number(pid), parent: Number(parent), group: Number(group), state, name });
  });
}

function known({ state, ...process }: Omit<RunningProcess, 'isStopped'> & { state: string }): RunningProcess[] {
  return /^[ZX]/.test(state) ? [] : [{ ...process, isStopped: /^[Tt]/.test(state) }];
}
