import { ProofloadError } from '../../base/errors.ts';
import { listenersOn, socketsOf, userOf } from '../../machine/listeners.ts';
import { readProc } from '../../machine/proc.ts';
import { familyOf, listProcesses, type RunningProcess } from '../../machine/process-tree.ts';
import type { Launch } from './launch.ts';
import type { Program } from './program.ts';

/** Clients of container engines, which run the service in a daemon. */
const CLIENTS = /^(?:docker|podman|nerdctl|lima|colima)/;

/**
 * Checks that the socket on a service's port belongs to its processes. Another process of this machine may have taken
 * the port before the service did, and would get the callers' credentials and decide the verdict. Call it when the
 * service is ready, before anything else is sent to it.
 *
 * @returns Why that is not known, or undefined if the socket is the service's.
 * @throws ProofloadError SERVICE_PORT_TAKEN if it belongs to another process
 */
export function requireOwnPort(
  { pid, workers = [] }: Pick<Program, 'pid' | 'workers'>,
  { environment }: Pick<Launch, 'environment'>,
  port: number,
): string | undefined {
  if (pid === undefined) return 'it runs in a container';
  const listeners = listenersOn(port);
  if (listeners === undefined) return 'only Linux reports the sockets of processes';
  if (listeners.length === 0) return `no socket on port ${port} can be seen`;
  const all = listProcesses();
  const family = familyOf([pid, ...workers], all);
  const own = family.map((process) => ({ ...process, sockets: socketsOf(process.pid), user: userOf(process.pid) }));
  const foreign = listeners.filter(({ inode }) => !own.some(({ sockets }) => sockets?.has(inode)));
  const [first] = foreign;
  if (!first) return undefined;
  const client = own.find(({ name }) => CLIENTS.test(name));
  if (client) return `${client.name} runs it elsewhere`;
  const hidden = own.find(({ sockets, user }) => !sockets && user === first.user);
  if (hidden) return `the files of ${hidden.name}, a process of the service, can't be read`;
  const owner = ownerOf(first.inode, all);
  const leader = own.find((member) => member.pid === pid);
  const isDaemon = owner && leader && hasLeft(owner, leader, environment);
  if (isDaemon && foreign.every(({ inode }) => inode === first.inode)) return undefined;
  const who = `${owner ? `${owner.name} (process ${owner.pid})` : 'a process'} of user ${first.user}`;
  throw new ProofloadError(
    'SERVICE_PORT_TAKEN',
    `${who} listens on port ${port}, but does not belong to the service. It got requests for readyPath only. ` +
      'Run again: another port is chosen. If a daemon runs the service, use start.running',
  );
}

const ownerOf = (inode: string, all: readonly RunningProcess[]): RunningProcess | undefined =>
  all.find(({ pid }) => socketsOf(pid)?.has(inode));

/**
 * Whether a process has left the service's family, as a daemon does: it was started after the service by the same user,
 * and has all variables with which the lab has started the service.
 */
function hasLeft(
  { pid, started = 0 }: RunningProcess,
  leader: RunningProcess & { readonly user: number | undefined },
  environment: Readonly<Record<string, string>>,
): boolean {
  if (started < (leader.started ?? Number.POSITIVE_INFINITY) || userOf(pid) !== leader.user) return false;
  const variables = new Set((readProc(`${pid}/environ`) ?? '').split('\0'));
  return Object.entries(environment).every(([name, value]) => variables.has(`${name}=${value}`));
}
