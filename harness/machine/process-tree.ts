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

/** The variable whose value, which is different for each, marks a process of the lab and all that it has started. */
export const MARK = 'PROOFLOAD_PROCESS';

/**
 * Returns the processes that run of those that a process has started: its group, all with its mark, also if it has
 * ended and if they are in another session or have another parent, and the descendants of all these. Only Linux reports
 * marks, and not of processes that overwrite their variables.
 *
 * @param leader A process that has led its group.
 * @param known Processes that were found earlier. Their parents may have ended since. Defaults to none.
 */
export function startedBy(
  leader: number,
  mark: string,
  known: readonly Pick<RunningProcess, 'pid' | 'started'>[] = [],
): RunningProcess[] {
  const variable = `\0${MARK}=${mark}\0`;
  const isMarked = (pid: number) => `\0${readProc(`${pid}/environ`) ?? ''}`.includes(variable);
  const isKnown = ({ pid, started }: RunningProcess) => known.some((of) => of.pid === pid && of.started === started);
  const all = listProcesses(leader);
  const found = all.filter((process) => process.group === leader || isKnown(process) || isMarked(process.pid));
  return familyOf([leader, ...found.map(({ pid }) => pid)], all);
}

/**
 * Lists all processes of this machine that this user can see, except those that have ended.
 *
 * @param since A process. On Linux, only processes that have been started after it, and itself. Defaults to all.
 */
export const listProcesses = (since?: number): RunningProcess[] =>
  readProc('self/stat') === undefined ? listWithPs() : pidsSince(since).flatMap(readProcess);

/** Process IDs rise until they begin again at the smallest free one. */
function pidsSince(first = 0): number[] {
  const last = Number(readProc('loadavg')?.trim().split(' ').at(-1));
  const pids = readProcFolder('.').map(Number).filter(Number.isInteger);
  return last >= first ? pids.filter((pid) => pid >= first) : pids.filter((pid) => pid >= first || pid <= last);
}

function readProcess(pid: number): RunningProcess[] {
  const stat = readProc(`${pid}/stat`);
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
