import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { connect as connectTcp, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { WebSocket } from 'ws';
import { GoError } from '../base/errors.ts';
import { type Tags, toTags } from '../metrics/tags.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import { cookiePair } from '../net/cookie-text.ts';
import { dialOptions } from '../net/dial-options.ts';
import { parseGoUrl, portOf } from '../net/go-url.ts';
import { tlsOptions } from '../net/tls-settings.ts';
import { assertNoProxy } from '../vu/not-available.ts';
import type { Vu } from '../vu/vu.ts';

const require = createRequire(import.meta.url);

/** A WebSocket connection, which records its samples and keeps the VU's event loop alive. */
export interface Connection {
  readonly socket: WebSocket;
  /** Whether the iteration was interrupted. After that, scripts receive no more events. */
  readonly isInterrupted: boolean;
  /** Records a sample with the connection's tags. */
  sample(metric: 'wsMsgsSent' | 'wsMsgsReceived' | 'wsPing', value: number): void;
  /** Sends a ping and measures the time until the pong. */
  ping(): void;
  /** Records the session once. For the VU, it has ended, even if the socket is still open. */
  end(): void;
}

/** The options that `k6/websockets` accepts. `k6/ws` ignores others. */
const OPTIONS = ['headers', 'tags', 'jar', 'compression'];

interface Given {
  readonly url: string;
  readonly params: { headers?: object; tags?: unknown; jar?: unknown; compression?: unknown } | null | undefined;
  readonly protocols?: string[];
  /** Receives a response that was not an upgrade, with its body. */
  readonly onRefusal?: (response: IncomingMessage, body: string) => void;
  /**
   * The module that the script uses. `k6/ws` records the duration of a session that never opened, too. In
   * `k6/websockets`, samples have a `name` tag, which is the URL unless the script sets it.
   */
  readonly module: 'k6/ws' | 'k6/websockets';
}

/**
 * Opens a WebSocket for a VU. The iteration continues until the socket is closed. Interrupting the iteration closes the
 * socket.
 *
 * @throws GoError for an unknown compression, and in `k6/websockets` for an unknown option
 */
export function connectWebSocket(vu: Vu, given: Given): Connection {
  const { collector, metrics, options } = vu.test;
  const params = given.params ?? {};
  const isNamed = given.module === 'k6/websockets';
  const unknown = isNamed && Object.keys(params).find((name) => !OPTIONS.includes(name));
  if (unknown) throw new GoError(`unknown WebSocket's option ${unknown}`);
  const jar = params.jar instanceof CookieJar ? params.jar : vu.jar;
  const address = given.url.replace(/^wss?:/i, (scheme) => scheme.toLowerCase()).replace(/#.*/s, '');
  const problem = problemOf(address);
  const at = new URL(problem === undefined ? address.replace(/^ws/, 'http') : 'http://invalid');
  const url = parseGoUrl(at.href);
  assertNoProxy(url, vu);
  const cookie = jar
    .matching(url)
    .map(({ name, value, isQuoted }) => cookiePair(name, value, isQuoted))
    .join('; ');
  // It loads Node's HTTP modules, which take 14 MB, and few scripts use it.
  const ws = require('ws') as typeof import('ws');
  const socket = new ws.WebSocket(at.href, given.protocols ?? [], {
    headers: {
      ...(options.userAgent && { 'User-Agent': options.userAgent }),
      ...(cookie && { Cookie: cookie }),
      ...(params.headers as Record<string, string>),
    },
    perMessageDeflate: compressionOf(params.compression),
    ...(Number.isFinite(options.maxBodySize) && { maxPayload: options.maxBodySize }),
    createConnection: ((_: unknown, onOpen: OnOpen) =>
      // An invalid URL or a blocked address is known at once, but other VUs must have their turn first.
      vu.loop.inNextTurn(() => {
        if (problem === undefined) onOpen(null, open(vu, at));
        else onOpen(new Error(problem));
      })) as never,
  });
  const begun = performance.now();
  let tags: Tags = { ...vu.tags.current, ...toTags(params.tags, isNamed ? 'invalid WebSocket tags option: ' : '') };
  const { name = given.url } = tags;
  if (options.systemTags.has('url')) tags = { ...tags, url: isNamed ? name : given.url };
  if (isNamed && options.systemTags.has('name')) tags = { ...tags, name };
  let opened = 0;
  const add = (metric: (typeof metrics)[keyof typeof metrics], value: number) =>
    collector.add(metric, value, tags, vu.tags.metadata);
  const pings = new Map<string, number>();
  let pinged = 0;
  const answered = (status: number) => {
    if (status > 0 && options.systemTags.has('status')) tags = { ...tags, status: String(status) };
    if (status > 0 && options.systemTags.has('subproto')) tags = { ...tags, subproto: socket.protocol };
    add(metrics.wsConnecting, performance.now() - begun);
    add(metrics.wsSessions, 1);
  };
  let status = 0;
  socket.on('unexpected-response', async (request, response) => {
    status = response.statusCode ?? 0;
    given.onRefusal?.(response, await textOf(response, options.maxBodySize).catch(() => ''));
    request.destroy();
    socket.emit('error', new Error('websocket: bad handshake'));
    socket.emit('close', 1006, Buffer.alloc(0));
  });
  let isInterrupted = false;
  const release = vu.loop.hold(() => {
    isInterrupted = true;
    socket.terminate();
  });
  socket.on('open', () => {
    opened = performance.now();
    answered(101);
  });
  socket.on('pong', (data) => {
    const sent = pings.get(String(data));
    if (sent !== undefined) add(metrics.wsPing, performance.now() - sent);
    pings.delete(String(data));
  });
  let isCounted = false;
  const end = () => {
    if (isCounted) return;
    isCounted = true;
    if (opened === 0) answered(status);
    if (opened > 0 || given.module === 'k6/ws') add(metrics.wsSessionDuration, performance.now() - begun);
  };
  // The script's own listeners run first and may start something new.
  socket.on('close', () => {
    end();
    setImmediate(release);
  });
  socket.on('error', () => {});
  return {
    socket,
    get isInterrupted() {
      return isInterrupted;
    },
    sample: (metric, value) => add(metrics[metric], value),
    end,
    ping: () => {
      pinged += 1;
      pings.set(String(pinged), performance.now());
      socket.ping(String(pinged));
    },
  };
}

/** Returns a response's body. If it is too large, only its beginning. */
async function textOf(response: IncomingMessage, maxBody: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBody) break;
  }
  return Buffer.concat(chunks).toString();
}

/** Returns k6's error for an address to which no connection can be opened. */
function problemOf(address: string): string | undefined {
  try {
    const url = parseGoUrl(address);
    if (!/^wss?$/.test(url.scheme) || url.user) return 'malformed ws or wss URL';
    if (url.host === '') return 'lookup : no such host';
    return URL.canParse(address) ? undefined : `dial tcp: address ${portOf(url)}: invalid port`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** As in k6, each message is compressed on its own. */
function compressionOf(given: unknown): object | false {
  const algorithm = String(given ?? '').trim();
  if (algorithm === '') return false;
  if (algorithm === 'deflate') return { serverNoContextTakeover: true, clientNoContextTakeover: true };
  throw new GoError(`unsupported compression algorithm '${algorithm}', supported algorithm is 'deflate'`);
}

type OnOpen = (error: Error | null, socket?: Socket) => void;

function open({ network, connections }: Vu, { protocol, hostname, port }: URL): Socket {
  const secure = protocol === 'https:';
  const raw = connectTcp(dialOptions(network.dial, hostname, Number(port) || (secure ? 443 : 80)));
  connections.count(raw);
  return secure ? connectTls({ socket: raw, ...tlsOptions(network, hostname) }) : raw;
}

const connectTls = (options: ConnectionOptions): TLSSocket => process.getBuiltinModule('node:tls').connect(options);
