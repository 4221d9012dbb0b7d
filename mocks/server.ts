import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CertificateKind, Certificates } from './certificates.ts';
import { Connections } from './connections.ts';
import { type ExchangeDependencies, serveExchange } from './exchange.ts';
import { originOf } from './origin.ts';

interface Options extends Omit<ExchangeDependencies, 'mayReuse' | 'reset'> {
  readonly certificates: Certificates;
  /** The address to listen on. */
  readonly host: string;
}

/** One upstream, served over HTTPS on a port of its own. */
export class UpstreamServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #certificates: Certificates;

  private constructor(server: Server, options: Options) {
    this.#server = server;
    this.#certificates = options.certificates;
    this.#connections = new Connections(server);
    this.#serve(options);
  }

  /** Listens on a free port, with the trusted certificate. */
  static async start(options: Options): Promise<UpstreamServer> {
    const server = createServer({
      ...options.certificates.leaves.trusted,
      // As long as a provider keeps a connection open: the client should be the one to close it, so that a request
      // never meets a connection that is just being closed.
      keepAliveTimeout: 120_000,
    });
    const started = new UpstreamServer(server, options);
    await once(server.listen(0, options.host), 'listening');
    return started;
  }

  /** The origin, for example "https://127.0.0.1:40123". */
  get url(): string {
    return originOf('https', this.#server.address() as AddressInfo);
  }

  /**
   * Shows this certificate to every new handshake, and lets no older connection be used again: idle ones are closed
   * at once, busy ones after the request that they serve.
   */
  useCertificate(kind: CertificateKind): void {
    this.#server.setSecureContext(this.#certificates.leaves[kind]);
    this.#connections.retireAll();
  }

  /** Stops listening and cuts every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve({ upstream, plan, receipts }: Options): void {
    const connections = this.#connections;
    const dependencies: ExchangeDependencies = {
      upstream,
      plan,
      receipts,
      mayReuse: (socket) => !connections.isRetired(socket),
      reset: (socket) => connections.reset(socket),
    };

    this.#server.on('request', async (incoming, outgoing) => {
      const socket = incoming.socket as TLSSocket;
      connections.busy(socket);
      await serveExchange(incoming, outgoing, dependencies);
      connections.idle(socket);
    });
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      receipts.handshakeFailed(upstream.name, error.code ?? error.message);
    });
  }
}
