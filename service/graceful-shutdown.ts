import type { Server, ServerResponse } from 'node:http';

/**
 * Prepares a server to be closed without cutting anybody off.
 * @returns a function that stops accepting, lets what is in flight end, and resolves when the last connection is gone; after
 * `graceMs` it destroys those that are left
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
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A kept connection would go on serving its client, so that the server never comes to rest.
    inFlight.forEach(endConnectionAfter);
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  };
}

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
