import { WebSocket } from 'ws';
import type { CookieJar } from '../http/cookie-jar.ts';
import { toTags } from '../metrics/tags.ts';
import type { Vu } from '../vu/vu.ts';

/** A connection to a WebSocket server, its samples, and what its VU owes it. */
export interface Connection {
  readonly socket: WebSocket;
  /** Feeds a metric with the connection's tags. */
  sample(metric: 'wsMsgsSent' | 'wsMsgsReceived' | 'wsPing', value: number): void;
  /** Sends a ping; its answer is measured. */
  ping(): void;
}

interface Given {
  readonly url: string;
  readonly params: { headers?: object; tags?: unknown; jar?: CookieJar } | null | undefined;
  readonly protocols?: string[];
}

/**
 * Opens a WebSocket for a VU. Its iteration lasts until the socket is closed, and ends it if it is interrupted.
 *
 * @param onStatus Told the status of the handshake's answer; 101 where it was taken.
 */
export function connectWebSocket(vu: Vu, given: Given): Connection {
  const { collector, metrics, options } = vu.test;
  const params = given.params ?? {};
  const jar = params.jar ?? vu.jar;
  const at = new URL(given.url.replace(/^ws/, 'http'));
  const cookie = jar
    .matching(at)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const socket = new WebSocket(given.url, given.protocols ?? [], {
    headers: {
      'User-Agent': options.userAgent,
      ...(cookie && { Cookie: cookie }),
      ...(params.headers as Record<string, string>),
    },
    rejectUnauthorized: !options.insecureSkipTLSVerify,
    ...(vu.connections.localAddress !== undefined && { localAddress: vu.connections.localAddress }),
  });
  const begun = performance.now();
  let tags = { ...vu.tags.current, ...toTags(params.tags), ...(options.systemTags.has('url') && { url: given.url }) };
  let opened = 0;
  const add = (metric: (typeof metrics)[keyof typeof metrics], value: number) =>
    collector.add(metric, value, tags, vu.tags.metadata);
  const pings = new Map<string, number>();
  let pinged = 0;
  const answered = (status: number) => {
    const name = options.systemTags.has('status') ? { status: String(status) } : {};
    tags = { ...tags, ...name };
    add(metrics.wsConnecting, performance.now() - begun);
    add(metrics.wsSessions, 1);
  };
  const release = vu.loop.hold(() => socket.terminate());
  socket.on('open', () => {
    opened = performance.now();
    answered(101);
  });
  socket.on('pong', (data) => {
    const sent = pings.get(String(data));
    if (sent !== undefined) add(metrics.wsPing, performance.now() - sent);
    pings.delete(String(data));
  });
  // The script's own listeners come first, and may begin something new.
  socket.on('close', () => {
    if (opened > 0) add(metrics.wsSessionDuration, performance.now() - opened);
    setImmediate(release);
  });
  socket.on('error', () => {});
  return {
    socket,
    sample: (metric, value) => add(metrics[metric], value),
    ping: () => {
      pinged += 1;
      pings.set(String(pinged), performance.now());
      socket.ping(String(pinged));
    },
  };
}
