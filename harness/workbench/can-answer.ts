import { connect } from 'node:net';
import { listenersOn } from '../machine/listeners.ts';
import { isStopped, readProc } from '../machine/proc.ts';

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 500;

/** A service: its address, and the IDs of its processes if they are known. */
interface Addressed {
  readonly url: string;
  readonly pids: readonly number[];
}

/**
 * Whether a service can answer: something listens on its port, and none of its processes is stopped. It gets no request,
 * and no connection if the system says who listens.
 */
export async function canAnswer({ url, pids }: Addressed): Promise<boolean> {
  if (pids.some((pid) => isStopped(readProc(`${pid}/stat`) ?? ''))) return false;
  const { hostname, port, protocol } = new URL(url);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  const listeners = hostname === '127.0.0.1' ? listenersOn(number) : undefined;
  return listeners === undefined ? accepts(hostname.replace(/^\[|\]$/g, ''), number) : listeners.length > 0;
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, signal: AbortSignal.timeout(CONNECT_MS) });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
