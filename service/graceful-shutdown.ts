import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

/**
 * How long a kept connection that is idle stays open: its client may just be sending, and is told to close by the answer. A
 * connection that is closed meanwhile would fail a request that nobody has refused.
 */
const IDLE_MS = 250;

/**
 * Prepares a server to be closed without cutting anybody off.
 * @returns a function that stops accepting, lets what is in flight end, tells kept connections to close, and resolves when
 * the last one is gone; after `graceMs` it destroys those that are left
 */
export function gracefulShutdown(server: Server): (graceMs: number) => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
    if (closing) endConnectionAfter(response);
  });

  return async (graceMs) => {
    closing = true;
    // The HTTP server's own close() would end idle connections at once.
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    // A kept connection would go on serving its client, so that the server never comes to rest.
    inFlight.forEach(endConnectionAfter);
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
    const grace = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(grace);
  };
}

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
