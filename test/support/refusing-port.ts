import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { holdPort } from '../../faults/base/hold-port.ts';

/**
 * Returns a port of 127.0.0.1 that refuses connections until this process ends. Use it instead of a port that was merely
 * free or closed: the system may give that to any other program, which then answers.
 */
export async function refusingPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return refuse(server);
}

/** Closes a server, and makes its port a refusing one. Returns the port. */
export function refuse(server: Server): number {
  const { port } = server.address() as AddressInfo;
  server.close();
  holdPort(port);
  return port;
}

/** Disposes of a server, and makes its port a refusing one. */
export async function leave(server: { readonly url: string } & AsyncDisposable): Promise<void> {
  const left = server[Symbol.asyncDispose]();
  holdPort(Number(new URL(server.url).port));
  await left;
}
