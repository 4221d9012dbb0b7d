import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Metrics } from '../observability/metrics.ts';
import { type ConnectionCaps, capConnections } from './connection-caps.ts';
import { gracefulShutdown } from './graceful-shutdown.ts';
import { InFlight } from './in-flight.ts';
import { answerUnreadable } from './unreadable-requests.ts';

/** The caps on connections, and how long a request's headers and all of it may take to arrive, in milliseconds. */
export interface HttpSettings extends ConnectionCaps {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

// Longer than clients keep a connection idle: a server that closes first while the client sends makes the request fail.
const KEEP_ALIVE_MS = 65_000;
/** How exact the timeouts of requests are. */
const CHECK_MS = 500;

/** A server that does not listen yet, and the function that stops it ({@link gracefulShutdown}). */
export interface HttpServer {
  readonly server: Server;
  readonly shutDown: (graceMs: number) => Promise<void>;
}

/** Puts the app behind a server whose connections and requests are bounded in number and time. */
export function createHttpServer(
  handler: RequestListener,
  settings: HttpSettings,
  { metrics, logger, clock = systemClock }: { metrics: Metrics; logger: Logger; clock?: Clock },
): HttpServer {
  const { headersTimeoutMs, requestTimeoutMs } = settings;
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs, requestTimeoutMs),
      // Node's own answer would come past the limiter and the metrics.
      requireHostHeader: false,
    },
    handler,
  );
  capConnections(server, settings, { clock, logger, registry: metrics.registry });
  const inFlight = new InFlight(server);
  answerUnreadable(server, inFlight, metrics);
  const shutDown = gracefulShutdown(server, inFlight);
  // A connection that can't be accepted, for want of descriptors, must not end the others.
  server.on('listening', () => server.on('error', (error) => logger.warn({ err: error }, 'a connection was lost')));
  return { server, shutDown };
}
