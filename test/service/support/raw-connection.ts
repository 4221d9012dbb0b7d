import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** A connection to a server, over which a test sends what it likes. */
export function openRaw(url: string, from?: string) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...(from !== undefined && { localAddress: from }) });
  socket.on('error', () => {});
  const answered = text(socket).catch(() => '');
  return {
    send: (bytes: string) => socket.write(bytes),
    /** All that came until the server closed the connection; nothing where it reset it. */
    answered,
    /** Statuses of the answers so far, once the connection is closed. */
    statuses: async () => [...(await answered).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Sends bytes over a connection of their own; statuses of what is answered. The last request has to close the connection. */
export async function exchangeRaw(url: string, bytes: string): Promise<number[]> {
  using connection = openRaw(url);
  connection.send(bytes);
  return await connection.statuses();
}
