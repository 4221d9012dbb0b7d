import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from '../certificates/certificates.ts';
import type { Scheme } from '../kinds/lib/fault.ts';
import { nextHop } from '../kinds/lib/moved.ts';
import { credentialsIn } from '../receipts/credentials.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { deliver } from './deliver.ts';

interface Dependencies {
  /** The upstream's name in receipts. */
  readonly name: string;
  readonly receipts: Receipts;
  readonly certificates: Certificates;
  /** Returns the upstream's error response for a status. */
  errorResponse(status: number): Response;
}

/**
 * The other host to which an upstream redirects. It listens on loopback ports of its own, from the first redirect on.
 * Every request gets a receipt. Disposing of it closes the ports.
 */
export class Elsewhere implements AsyncDisposable {
  readonly #dependencies: Dependencies;
  readonly #ports = new Map<Scheme, Promise<number>>();
  readonly #open = new AsyncDisposableStack();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Returns its origin.
   *
   * @param host The Host header of the request that is redirected. The origin has a different host name.
   */
  async originFor(scheme: Scheme, host: string): Promise<string> {
    const port = this.#ports.get(scheme) ?? this.#listen(scheme);
    this.#ports.set(scheme, port);
    // Clients that compare only host names send credentials to another port of the same host. Services whose upstreams
    // are called through the lab's proxy call 127.0.0.1 directly, but not always localhost.
    return `${scheme}://${host.startsWith('127.') ? 'localhost' : '127.0.0.1'}:${await port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  async #listen(scheme: Scheme): Promise<number> {
    const port = await this.#listenOn('127.0.0.1', 0, scheme);
    // Some clients resolve localhost to ::1 and try no other address. A machine may have no IPv6.
    await this.#listenOn('::1', port, scheme).catch(() => undefined);
    return port;
  }

  async #listenOn(address: string, port: number, scheme: Scheme): Promise<number> {
    const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => this.#serve(incoming, outgoing, scheme);
    const { trusted } = this.#dependencies.certificates;
    const server = scheme === 'https' ? createHttpsServer(trusted, serve) : createHttpServer(serve);
    await once(server.listen(port, address), 'listening');
    this.#open.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    return (server.address() as AddressInfo).port;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse, scheme: Scheme): Promise<void> {
    const { name, receipts, errorResponse } = this.#dependencies;
    const { method = '', url = '/', headers } = incoming;
    receipts.redirected(name, { method, path: url, over: scheme, credentials: credentialsIn(headers) });
    incoming.resume();
    await deliver(nextHop(url) ?? errorResponse(503), outgoing);
  }
}
