import { constants } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { RefusablePort } from '../base/refusable-port.ts';
import type { CertificateKind } from '../certificates/certificate-kinds.ts';
import type { Certificates, KeyAndCertificate } from '../certificates/certificates.ts';
import type { Receipts } from '../receipts/receipts.ts';

/** The first message from a PostgreSQL client that requests TLS. The client may request GSSAPI before that. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const GSS_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30]);

interface Options {
  /** The loopback port of the server that has no TLS. */
  readonly port: number;
  readonly certificates: Certificates;
  /** Gets a receipt, under `name`, for each handshake after which the client sent nothing. */
  readonly receipts: Receipts;
  readonly name: string;
}

/**
 * A TLS server on a free loopback port in front of a PostgreSQL server without TLS. It connects to the server only
 * after it has received the first decrypted byte. A client that rejects the certificate has therefore sent nothing, no
 * matter how its handshake ended.
 */
export class TlsDoor implements AsyncDisposable {
  readonly #options: Options;
  readonly #sockets = new Set<Socket>();
  #kind: CertificateKind = 'trusted';
  #context: SecureContext;
  #listening: RefusablePort | undefined;

  private constructor(options: Options) {
    this.#options = options;
    this.#context = contextOf(options.certificates.trusted);
  }

  static async start(options: Options): Promise<TlsDoor> {
    const door = new TlsDoor(options);
    const server: Server = createServer({ noDelay: true }, (socket) => door.#accept(socket));
    door.#listening = await RefusablePort.open(server);
    return door;
  }

  get port(): number {
    return (this.#listening as RefusablePort).address.port;
  }

  /** Presents the given certificate in new handshakes, and closes all open connections. */
  async useCertificate(kind: CertificateKind): Promise<void> {
    this.#kind = kind;
    const leaf = await this.#options.certificates.leaf(kind);
    // Another call may have changed it while this one waited.
    if (kind !== this.#kind) return;
    this.#context = contextOf(leaf);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops listening and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#listening?.[Symbol.asyncDispose]();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // The client already knows about its error, so the server can ignore it.
    socket.on('error', () => {});
    this.#greet(socket);
  }

  #greet(socket: Socket): void {
    socket.once('readable', () => {
      const received: Buffer | null = socket.read(SSL_REQUEST.length);
      if (received?.equals(GSS_REQUEST)) {
        socket.write('N');
        this.#greet(socket);
      } else if (received?.equals(SSL_REQUEST)) {
        socket.write('S');
        this.#shakeHands(socket);
      } else if (received) {
        socket.unshift(received);
        this.#handOn(socket);
      }
    });
  }

  #shakeHands(socket: Socket): void {
    const { receipts, name } = this.#options;
    const secured = new TLSSocket(socket, { isServer: true, secureContext: this.#context });
    let why = 'closed without an alert';
    const onClose = () => receipts.handshakeFailed(name, why);
    secured.on('error', (error: NodeJS.ErrnoException) => {
      why = error.code ?? error.message;
    });
    secured.once('close', onClose);
    secured.once('readable', () => {
      if (secured.readableLength === 0) return;
      secured.off('close', onClose);
      this.#handOn(secured);
    });
  }

  #handOn(from: Socket): void {
    const onward = connect({ host: '127.0.0.1', port: this.#options.port, noDelay: true });
    pipeline(from, onward, () => from.destroy());
    pipeline(onward, from, () => onward.destroy());
  }
}

/** Disables session tickets, because a client that resumes a session doesn't see the certificate. */
const contextOf = (leaf: KeyAndCertificate): SecureContext =>
  createSecureContext({ ...leaf, secureOptions: constants.SSL_OP_NO_TICKET });
