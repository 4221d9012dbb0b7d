import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { CertificateKind, Certificates } from './certificates.ts';
import { Connections } from './connections.ts';
import { type ExchangeDependencies, serveExchange } from './exchange.ts';
import type { Engaged, Listener, Undo } from './faults/fault.ts';
import { originOf } from './origin.ts';

interface Options extends Omit<ExchangeDependencies, 'upstream' | 'mayReuse' | 'reset'> {
  /** The upstream as it is now; asked anew for each request. */
  upstream(): ExchangeDependencies['upstream'];
  readonly certificates: Certificates;
  /** The address to listen on. */
  readonly host: string;
  /** The port to listen on; default: a free one. */
  readonly port?: number;
}

/** One upstream, served over HTTPS on a port of its own. */
export class UpstreamServer implements AsyncDisposable, Listener {
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #options: Options;
  #address: AddressInfo | undefined;
  #certificate: CertificateKind = 'trusted';
  /** Certificates that faults show for a time, the last one on top. */
  #shown: { kind: CertificateKind }[] = [];
  #refusing = 0;
  #isDisposed = false;

  private constructor(server: Server, options: Options) {
    this.#server = server;
    this.#options = options;
    this.#connections = new Connections(server);
    this.#serve();
  }

  /** Listens with the trusted certificate, and lets the faults of the plan act on its port. */
  static async start(options: Options): Promise<UpstreamServer> {
    const server = createServer({
      ...options.certificates.leaves.trusted,
      // As long as a provider keeps a connection open: the client should be the one to close it, so that a request
      // never meets a connection that is just being closed.
      keepAliveTimeout: 120_000,
    });
    const started = new UpstreamServer(server, options);
    await once(server.listen(options.port ?? 0, options.host), 'listening');
    started.#address = server.address() as AddressInfo;
    options.plan.actOn(started);
    return started;
  }

  /** The origin, for example "https://127.0.0.1:40123". */
  get url(): string {
    return originOf('https', this.#address as AddressInfo);
  }

  /**
   * Shows this certificate to every new handshake, unless a fault shows another, and lets no older connection be used
   * again: idle ones are closed at once, busy ones after the request that they serve.
   */
  useCertificate(kind: CertificateKind): void {
    this.#certificate = kind;
    this.#present();
  }

  showCertificate(kind: CertificateKind): Undo {
    const shown = { kind };
    this.#shown.push(shown);
    this.#present();
    return () => {
      this.#shown = this.#shown.filter((other) => other !== shown);
      this.#present();
    };
  }

  refuse({ name }: Engaged): Undo {
    const noteListening = this.#options.receipts.span(this.#options.upstream().name, 'refusing', name);
    if (this.#refusing++ === 0) {
      this.#server.close();
      this.#connections.retireAll();
    }
    return async () => {
      if (--this.#refusing === 0) await this.#listenAgain();
      noteListening();
    };
  }

  /** Stops listening and cuts every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #present(): void {
    this.#server.setSecureContext(this.#options.certificates.leaves[this.#shown.at(-1)?.kind ?? this.#certificate]);
    this.#connections.retireAll();
  }

  async #listenAgain(): Promise<void> {
    const { address, port } = this.#address as AddressInfo;
    while (!this.#isDisposed && this.#refusing === 0 && !this.#server.listening) {
      try {
        await once(this.#server.listen(port, address), 'listening');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        // Some client of another server was given the port in the meantime: it gives it back.
        await sleep(20);
      }
    }
  }

  #serve(): void {
    const connections = this.#connections;
    const { upstream, plan, receipts } = this.#options;
    const mayReuse: ExchangeDependencies['mayReuse'] = (socket) => !connections.isRetired(socket);
    const reset: ExchangeDependencies['reset'] = (socket) => connections.reset(socket);

    this.#server.on('connection', () => plan.considerConnection());
    this.#server.on('request', async (incoming, outgoing) => {
      const socket = incoming.socket as TLSSocket;
      connections.busy(socket);
      await serveExchange(incoming, outgoing, { upstream: upstream(), plan, receipts, mayReuse, reset });
      connections.idle(socket);
    });
    // Node would answer 417 to an Expect that it does not know, and leave no receipt; a server may as well not heed it.
    this.#server.on('checkExpectation', (incoming, outgoing) => this.#server.emit('request', incoming, outgoing));
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      receipts.handshakeFailed(upstream().name, error.code ?? error.message);
    });
  }
}
