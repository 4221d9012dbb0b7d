import type { RequestListener, Server } from 'node:http';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Metrics } from '../observability/metrics.ts';
import { type ConnectionCaps, capConnections } from './connection-caps.ts';
import { gracefulShutdown } from './graceful-shutdown.ts';
import { InFlight } from './in-flight.ts';
import { createServer } from './node-http.ts';
import { closeUnreadBodies } from './unread-bodies.ts';
import { answerUnreadable } from './unreadable-requests.ts';

/** Connection limits, and timeouts for the headers and the whole request in milliseconds. */
export interface HttpSettings extends ConnectionCaps {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

// Longer than clients keep idle connections open. If the server closes a connection first, a request that is being sent
// fails.
const KEEP_ALIVE_MS = 65_000;
/** Resolution of the request timeouts in milliseconds. */
const CHECK_MS = 500;

/** A server that is not listening yet, and a function that stops it ({@link gracefulShutdown}). */
export interface HttpServer {
  readonly server: Server;
  readonly shutDown: (graceMs: number) => Promise<void>;
}

/** Creates an HTTP server that limits the number of connections and the duration of requests. */
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
      // If Node checked the Host header itself, its response would bypass the rate limit and the metrics.
      requireHostHeader: false,
    },
    handler,
  );
  capConnections(server, settings, { clock, logger, registry: metrics.registry });
  const inFlight = new InFlight(server);
  answerUnreadable(server, inFlight, metrics);
  closeUnreadBodies(server);
  const shutDown = gracefulShutdown(server, inFlight);
  // An error while accepting a connection, such as a lack of file descriptors, must not stop the server.
  server.on('listening', () =>
    server.on('error', (error) => logger.warn({ err: error }, 'a connection could not be accepted')),
  );
  return { server, shutDown };
}
