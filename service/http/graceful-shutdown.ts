import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { ServiceError } from '../base/errors.ts';
import { answerAtOnce, type InFlight } from './in-flight.ts';

/**
 * How long a connection on which no answer is owed stays open: its client may just be sending, and is told to close by the
 * answer. A connection that is closed meanwhile would fail a request that nobody has refused.
 */
const SENDING_MS = 250;
const RETRY_AFTER_SECONDS = 1;

/**
 * Prepares a server to be closed without cutting anybody off.
 * @returns a function that stops accepting, lets what is in flight end, tells kept connections to close, and resolves when
 * the last one is gone; after `graceMs` it destroys those that are left. A request that is half sent is not waited for: it is
 * answered with 503 `stopping`; if not even its headers are complete, its connection is closed.
 */
export function gracefulShutdown(server: Server, inFlight: InFlight): (graceMs: number) => Promise<void> {
  let closing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (closing) endConnectionAfter(response);
  });

  return async (graceMs) => {
    closing = true;
    // The HTTP server's own close() would end idle connections at once.
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    // A kept connection would go on serving its client, so that the server never comes to rest.
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
  new ServiceError('stopping', 'The service is stopping: the request was not whole yet.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
