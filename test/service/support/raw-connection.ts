import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Opens a connection on which a test can send arbitrary data. */
export function openRaw(url: string, from?: string) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...(from !== undefined && { localAddress: from }) });
  socket.on('error', () => {});
  const answered = text(socket).catch(() => '');
  return {
    send: (bytes: string | Uint8Array) => socket.write(bytes),
    /** All data received until the server closed the connection. Empty if the connection was reset. */
    answered,
    /** The statuses of all responses. Resolves when the connection is closed. */
    statuses: async () => [...(await answered).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Sends bytes on a new connection and returns the response statuses. The last request must close the connection. */
export async function exchangeRaw(url: string, bytes: string): Promise<number[]> {
  using connection = openRaw(url);
  connection.send(bytes);
  return await connection.statuses();
}
