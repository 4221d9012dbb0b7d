import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { keepAlive } from '../base/keep-alive.ts';
import { originOf } from '../base/origin.ts';
import { RefusablePort } from '../base/refusable-port.ts';
import { Refusal } from '../base/refusal.ts';
import type { CertificateKind } from '../certificates/certificate-kinds.ts';
import type { Certificates } from '../certificates/certificates.ts';
import type { Engaged, Listener, Undo } from '../kinds/lib/fault.ts';
import { Connections } from './connections.ts';
import { type ExchangeDependencies, serveExchange } from './exchange.ts';

interface Options extends Omit<ExchangeDependencies, 'upstream' | 'origin' | 'numberOf' | 'mayReuse' | 'reset'> {
  /** Returns the current upstream. Called for each request. */
  upstream(): ExchangeDependencies['upstream'];
  /** The certificates to present. If absent, the server uses plain HTTP. */
  readonly certificates?: Certificates | undefined;
}

/** An upstream, served over HTTPS or plain HTTP on its own port. */
export class UpstreamServer implements AsyncDisposable, Listener {
  readonly #server: HttpServer | HttpsServer;
  readonly #connections: Connections;
  readonly #options: Options;
  #port: RefusablePort | undefined;
  #certificate: CertificateKind = 'trusted';
  /** Certificates that faults currently present, the most recent one last. */
  #shown: { kind: CertificateKind }[] = [];

  private constructor(server: HttpServer | HttpsServer, options: Options) {
    this.#server = server;
    this.#options = options;
    this.#connections = new Connections(server, options.certificates !== undefined);
    this.#serve();
  }

  /** Starts listening, with the trusted certificate if there are any, and applies the plan's port faults. */
  static async start(options: Options): Promise<UpstreamServer> {
    const { certificates } = options;
    const server = certificates
      ? createHttpsServer({ ...certificates.trusted, ...keepAlive })
      : createHttpServer(keepAlive);
    const started = new UpstreamServer(server, options);
    started.#port = await RefusablePort.open(server);
    options.plan.actOn(started);
    return started;
  }

  /** The origin, for example "https://127.0.0.1:40123". */
  get url(): string {
    return originOf(this.#options.certificates ? 'https' : 'http', this.#listening.address);
  }

  /**
   * Presents this certificate in new handshakes, unless a fault presents another one. Existing connections are not
   * reused: idle ones are closed immediately, and busy ones after their current request.
   *
   * @throws Refusal `no-tls` if the upstream is served over plain HTTP
   */
  async useCertificate(kind: CertificateKind): Promise<void> {
    if (!this.#options.certificates) throw noTls(this.#options.name);
    this.#certificate = kind;
    await this.#present();
  }

  async showCertificate(kind: CertificateKind): Promise<Undo> {
    const shown = { kind };
    this.#shown.push(shown);
    await this.#present();
    return () => {
      this.#shown = this.#shown.filter((other) => other !== shown);
      return this.#present();
    };
  }

  renewConnections(): Promise<void> {
    return this.#connections.retireAll();
  }

  refuse({ name }: Engaged): Undo {
    const noteListening = this.#options.receipts.span(this.#options.name, 'refusing', name);
    const listenAgain = this.#listening.refuse();
    void this.#connections.retireAll();
    return async () => {
      await listenAgain();
      noteListening();
    };
  }

  /**
   * Serves a connection that a proxy accepted, after sending the proxy's greeting, as if it had been made to this
   * server's own port. Resets it while the port refuses connections.
   */
  serveTunnel(socket: Socket, greeting: string): void {
    if (!this.#server.listening) {
      socket.resetAndDestroy();
      return;
    }
    socket.write(greeting);
    // As at the port of a server with TLS. Otherwise, a client that leaves during the handshake would not be noticed.
    if (this.#options.certificates) socket.allowHalfOpen = false;
    this.#server.emit('connection', socket);
  }

  /**
   * Serves a request in plain text that a proxy received. Resets its connection while the port refuses connections.
   * A server with TLS refuses it, as it refuses plain text at its own port.
   */
  servePlain(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { socket } = incoming;
    if (!this.#server.listening) {
      socket.resetAndDestroy();
    } else if (this.#options.certificates) {
      this.#options.receipts.handshakeFailed(this.#options.name, 'ERR_SSL_HTTP_REQUEST');
      socket.destroy();
    } else {
      if (this.#connections.share(socket)) this.#options.plan.considerConnection();
      this.#server.emit('request', incoming, outgoing);
    }
  }

  /** Stops listening and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#listening[Symbol.asyncDispose]();
    this.#server.closeAllConnections();
    await closed;
  }

  get #listening(): RefusablePort {
    return this.#port as RefusablePort;
  }

  get #presented(): CertificateKind {
    return this.#shown.at(-1)?.kind ?? this.#certificate;
  }

  async #present(): Promise<void> {
    const { certificates } = this.#options;
    if (!certificates || !('setSecureContext' in this.#server)) return;
    const kind = this.#presented;
    const leaf = await certificates.leaf(kind);
    // Another call may have changed it while this one waited.
    if (kind !== this.#presented) return this.#present();
    this.#server.setSecureContext(leaf);
    await this.#connections.retireAll();
  }

  #serve(): void {
    const connections = this.#connections;
    const { name, upstream, plan, receipts, elsewhere, keyHeader } = this.#options;
    const ofSockets: Pick<ExchangeDependencies, 'numberOf' | 'mayReuse' | 'reset'> = {
      numberOf: (socket) => connections.numberOf(socket),
      mayReuse: (socket) => !connections.isRetired(socket) && !plan.needsFresh,
      reset: (socket) => connections.reset(socket),
    };

    this.#server.on('connection', () => plan.considerConnection());
    this.#server.on('request', async (incoming, outgoing) => {
      const { socket } = incoming;
      connections.busy(socket);
      await serveExchange(incoming, outgoing, {
        name,
        upstream: upstream(),
        origin: this.url,
        plan,
        receipts,
        elsewhere,
        keyHeader,
        ...ofSockets,
      });
      connections.idle(socket);
    });
    // Node would respond with 417 to an unknown Expect header and leave no receipt. Servers may also ignore this
    // header.
    this.#server.on('checkExpectation', (incoming, outgoing) => this.#server.emit('request', incoming, outgoing));
    // `bytesRead` is the number of decrypted bytes. `writableEnded` says that this server has closed the connection. It
    // is read before Node's own listener of `end`, which closes it too, so that an error after the end counts for nothing.
    this.#server.on('secureConnection', (socket: Socket) => {
      const noteUnused = () => {
        if (socket.bytesRead === 0 && !socket.writableEnded) receipts.closedUnused(name);
      };
      socket.prependOnceListener('end', noteUnused);
      socket.prependOnceListener('error', noteUnused);
    });
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      receipts.handshakeFailed(name, error.code ?? error.message);
    });
  }
}

const noTls = (name: string): Refusal =>
  new Refusal('no-tls', `${name} is served over plain HTTP; allowed for an upstream without "tls: false"`);
