import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { keepAlive } from '../base/keep-alive.ts';
import { originOf } from '../base/origin.ts';
import { isToken, newToken } from '../base/token.ts';
import type { Receipts } from '../receipts/receipts.ts';

/** An upstream that clients call by the name of its real host. */
export interface ProxyTarget {
  /** Serves a connection after sending the proxy's greeting. */
  serveTunnel(socket: Socket, greeting: string): void;
  /** Serves a request that came to the proxy itself, in plain text. */
  servePlain(incoming: IncomingMessage, outgoing: ServerResponse): void;
}

export interface OutboundProxyOptions {
  /** The upstreams, each with its host and port in lower case, such as `api.groq.com:443`. */
  readonly targets: readonly (readonly [address: string, target: ProxyTarget])[];
  /** Gets a receipt for each call that reaches no upstream. */
  readonly receipts: Pick<Receipts, 'strayed'>;
}

/** The user in the proxy's URL. The password is a token. */
const USER = 'lab';

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Longer host names are not valid (RFC 1035). */
const LONGEST_ADDRESS = 260;

/**
 * A proxy for services whose upstreams' hosts are fixed in their code (`HTTPS_PROXY`). It hands each connection over to
 * the upstream that stands for the host, so that nothing in between hides how a connection ends. It never connects to
 * anything: calls to other hosts get a 403 and a receipt. Only clients that send its token are served.
 */
export class OutboundProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #targets: ReadonlyMap<string, ProxyTarget>;
  readonly #receipts: OutboundProxyOptions['receipts'];
  readonly #token = newToken();
  readonly #sockets = new Set<Socket>();

  private constructor({ targets, receipts }: OutboundProxyOptions) {
    this.#targets = new Map([...targets.flatMap(inPlainText), ...targets]);
    this.#receipts = receipts;
    this.#server = createServer(keepAlive, (incoming, outgoing) => this.#request(incoming, outgoing));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('connect', (incoming, socket, head) => this.#connect(incoming, socket as Socket, head));
  }

  static async start(options: OutboundProxyOptions): Promise<OutboundProxy> {
    const proxy = new OutboundProxy(options);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  /** The URL for `HTTPS_PROXY` and `HTTP_PROXY`, with the user and the token. */
  get url(): string {
    const origin = originOf('http', this.#server.address() as AddressInfo);
    return origin.replace('://', `://${USER}:${this.#token}@`);
  }

  /** Stops listening and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect({ url = '', headers }: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const address = addressIn(`http://${url}`, url);
    const refusal = this.#refusal(headers, address);
    if (refusal) {
      socket.end(`${headOf(refusal)}${refusal.why}`);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    this.#targets.get(address)?.serveTunnel(socket, ESTABLISHED);
  }

  #request(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { url = '', headers } = incoming;
    const address = addressIn(url, headers.host ?? '');
    const refusal = this.#refusal(headers, address) ?? this.#refusalToTunnel(url, address);
    if (refusal) {
      outgoing.writeHead(refusal.status, { ...refusal.headers, connection: 'close' }).end(refusal.why);
      return;
    }
    incoming.url = pathOf(url);
    // The upstream gets no headers that are for the proxy.
    delete headers['proxy-authorization'];
    delete headers['proxy-connection'];
    this.#targets.get(address)?.servePlain(incoming, outgoing);
  }

  /** Returns why a client or a host is refused, or undefined. */
  #refusal(headers: IncomingMessage['headers'], address: string): Refused | undefined {
    const [, given = ''] = /^Basic (\S+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
    if (!isToken(Buffer.from(given, 'base64').toString(), `${USER}:${this.#token}`)) return WITHOUT_TOKEN;
    if (this.#targets.has(address)) return undefined;
    this.#receipts.strayed(address, 'unknown-host');
    return { status: 403, why: `no upstream of the contract is ${address}\n` };
  }

  /** Returns why a request in plain text is refused, because it needs a tunnel, or undefined. */
  #refusalToTunnel(url: string, address: string): Refused | undefined {
    if (!/^https:/i.test(url)) return undefined;
    this.#receipts.strayed(address, 'no-tunnel');
    return { status: 501, why: 'send CONNECT: the lab does not make TLS connections for a client\n' };
  }
}

interface Refused {
  readonly status: number;
  readonly why: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const WITHOUT_TOKEN: Refused = {
  status: 407,
  why: "the request does not have the user and the token of the proxy's URL\n",
  headers: { 'proxy-authenticate': 'Basic realm="lab"' },
};

/** A call to the port for plain HTTP of a host with HTTPS is a call to this upstream as well, which refuses it. */
const inPlainText = ([address, target]: readonly [string, ProxyTarget]): [string, ProxyTarget][] =>
  address.endsWith(':443') ? [[address.replace(/443$/, '80'), target]] : [];

const headOf = ({ status, why, headers = {} }: Refused): string => {
  const length = { 'content-length': String(Buffer.byteLength(why)), connection: 'close' };
  const lines = Object.entries({ ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
};

/** Returns the host and port in a URL, in lower case, or the text if it is no URL. */
function addressIn(url: string, text: string): string {
  if (!URL.canParse(url)) return text.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, LONGEST_ADDRESS);
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  return `${host}:${port || (protocol === 'https:' ? '443' : '80')}`.slice(0, LONGEST_ADDRESS);
}

/** Returns the path and the query in an absolute URL, unchanged. */
function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}
