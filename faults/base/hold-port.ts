import { connect } from 'node:net';

/**
 * Keeps a port of 127.0.0.1 at which nobody listens any more. Connections to it are refused. Without this, the system
 * soon gives a closed port to another program, which would answer instead.
 *
 * The port is connected to itself, which is the only way to use a port without listening to it. Call this in the same
 * turn as the `close()` of its server.
 *
 * @returns A function that gives the port back. Its server can then listen to it again.
 */
export function holdPort(port: number): () => void {
  const holder = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: port });
  // If somebody was faster, the port is theirs.
  holder.on('error', () => {}).unref();
  // A reset leaves no connection behind that waits for its end.
  return () => void (holder.connecting ? holder.destroy() : holder.resetAndDestroy());
}
