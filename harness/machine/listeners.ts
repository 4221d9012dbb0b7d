import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { readProc, readProcFolder } from './proc.ts';

/** A socket that listens on a port. */
interface Listener {
  /** The number by which /proc/PID/fd refers to it. */
  readonly inode: string;
  /** The user that created it. */
  readonly user: number;
}

/** In the notation of /proc: the local addresses that get connections to 127.0.0.1, the most specific ones first. */
const ADDRESSES = [
  ['0100007F', '0000000000000000FFFF00000100007F'],
  ['00000000'],
  ['00000000000000000000000000000000', '0000000000000000FFFF000000000000'],
];
const LISTEN = '0A';

/**
 * Returns the sockets that get connections to 127.0.0.1 at a port, or undefined if the system doesn't report them; only
 * Linux does.
 */
export function listenersOn(port: number): Listener[] | undefined {
  const tables = readTables();
  return tables.length === 0 ? undefined : parseListeners(tables.join('\n'), port);
}

const readTables = (): string[] => ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readListening(file) ?? []);

/** How many bytes to read at a time. */
const PIECE = 16_384;

/**
 * Reads a table of sockets until it lists others than those that listen, which come first. Closed connections stay in the
 * table for a minute. After a few thousand requests, reading all of them takes 80 ms.
 *
 * @returns undefined if the table does not exist
 */
export function readListening(path: string): string | undefined {
  let table: number | undefined;
  try {
    table = openSync(path, 'r');
    const piece = Buffer.alloc(PIECE);
    let text = '';
    for (let read = readSync(table, piece); read > 0; read = readSync(table, piece)) {
      text += piece.toString('latin1', 0, read);
      const [, ...whole] = text.slice(0, text.lastIndexOf('\n')).split('\n');
      if (whole.some((line) => stateOf(line) !== LISTEN)) break;
    }
    return text;
  } catch {
    return undefined;
  } finally {
    if (table !== undefined) closeSync(table);
  }
}

const stateOf = (line: string): string | undefined => line.trim().split(/\s+/)[3];

/** Parses lines of /proc/net/tcp and tcp6: `sl local_address rem_address st … uid timeout inode …`. */
export function parseListeners(text: string, port: number): Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const found = text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , user, , inode = ''] = line.trim().split(/\s+/);
    if (state !== LISTEN || !local.endsWith(suffix)) return [];
    return [{ address: local.slice(0, -suffix.length), inode, user: Number(user) }];
  });
  const rank = ADDRESSES.find((same) => found.some(({ address }) => same.includes(address))) ?? [];
  return found.filter(({ address }) => rank.includes(address)).map(({ inode, user }) => ({ inode, user }));
}

/** Returns the ports at which sockets with these numbers listen, in lines of /proc/net/tcp and tcp6. */
function parsePorts(text: string, sockets: ReadonlySet<string>): number[] {
  const ports = text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === LISTEN && sockets.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
  return [...new Set(ports)];
}

/** Returns the ports at which processes listen, or undefined if they can't be seen. */
export function portsOf(pids: readonly number[]): number[] | undefined {
  const sockets = pids.map(socketsOf);
  const tables = readTables();
  if (tables.length === 0 || sockets.every((numbers) => numbers === undefined)) return undefined;
  return parsePorts(tables.join('\n'), new Set(sockets.flatMap((numbers) => [...(numbers ?? [])])));
}

/** Returns the numbers of a process's sockets, or undefined if it can't be seen. */
export function socketsOf(pid: number): Set<string> | undefined {
  const files = readProcFolder(`${pid}/fd`);
  if (files.length === 0) return undefined;
  return new Set(files.flatMap((file) => socketAt(`/proc/${pid}/fd/${file}`)));
}

function socketAt(path: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.slice(1) ?? [];
  } catch {
    // It has been closed.
    return [];
  }
}

/** Returns the user whose rights a process has, or undefined if it has ended. */
export function userOf(pid: number): number | undefined {
  const [, effective] = /^Uid:\s+\d+\s+(\d+)/m.exec(readProc(`${pid}/status`) ?? '') ?? [];
  return effective === undefined ? undefined : Number(effective);
}
