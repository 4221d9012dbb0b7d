import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { bracketed } from './go-url.ts';
import { k6Version } from './tls-settings.ts';

/** The other end of a connection. */
export interface Peer {
  /** The address and port, which remain set after the connection is closed. Empty and 0 before it is opened. */
  readonly address: string;
  readonly port: number;
  /** The local and remote address in Go's format. */
  readonly ends: string;
  /** The TLS version in k6's spelling, such as `tls1.3`, and the cipher suite. Both are empty if TLS is not used. */
  readonly tls: { readonly version: string; readonly cipher: string };
}

export const NO_PEER: Peer = { address: '', port: 0, ends: '', tls: { version: '', cipher: '' } };

/**
 * Describes the other end of an open connection.
 *
 * @param raw The TCP socket.
 * @param socket The socket on top of it: the same one, or one that uses TLS.
 */
export function peerOf(raw: Socket, socket: Socket): Peer {
  const { remoteAddress, remotePort, localAddress, localPort } = raw;
  return {
    address: remoteAddress ?? '',
    port: remotePort ?? 0,
    ends: `${address(localAddress, localPort)}->${address(remoteAddress, remotePort)}`,
    tls: isSecure(socket)
      ? { version: k6Version(socket.getProtocol() ?? ''), cipher: socket.getCipher().standardName }
      : NO_PEER.tls,
  };
}

/** Whether a socket uses TLS. Unlike `instanceof`, it does not need `node:tls`, which takes 8 MB to load. */
export const isSecure = (socket: Socket): socket is TLSSocket => (socket as Partial<TLSSocket>).encrypted === true;

const address = (host = '', port = 0): string => `${bracketed(host)}:${port}`;
