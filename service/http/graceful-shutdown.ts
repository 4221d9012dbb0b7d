import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { ServiceError } from '../base/errors.ts';
import { answerAtOnce, type InFlight } from './in-flight.ts';

/**
 * How long a connection with no pending response stays open during shutdown. The client may be sending a request, which
 * would fail if the connection were closed. The response tells the client to close the connection.
 */
const SENDING_MS = 250;
const RETRY_AFTER_SECONDS = 1;

/**
 * Prepares a server for a graceful shutdown.
 * @returns A function that stops accepting connections, waits for requests in flight, closes keep-alive connections,
 * and resolves when all connections are closed. After `graceMs`, it destroys the remaining ones. An incomplete request
 * gets a 503 `stopping` response; if its headers are incomplete too, the connection is closed.
 */
export function gracefulShutdown(server: Server, inFlight: InFlight): (graceMs: number) => Promise<void> {
  let closing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (closing) endConnectionAfter(response);
  });

  return async (graceMs) => {
    closing = true;
    // http.Server.close() would close idle connections immediately.
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    // Otherwise a client could keep sending requests on a keep-alive connection, and the server would never stop.
    for (const [, responses] of inFlight.connections) responses.forEach(endConnectionAfter);
    const sweep = setInterval(() => endWhatIsNotWhole(inFlight), SENDING_MS);
    const grace = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(grace);
  };
}

function endWhatIsNotWhole(inFlight: InFlight): void {
  for (const [socket, responses] of inFlight.connections) {
    if (responses.size === 0) socket.destroySoon();
    for (const response of responses) {
      if (!response.req.complete && !response.headersSent) answerAtOnce(response, stopping());
    }
  }
}

const stopping = () =>
  new ServiceError('stopping', 'The service is stopping: the request was not complete yet.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
