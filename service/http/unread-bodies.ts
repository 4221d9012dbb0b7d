import type { Server, ServerResponse } from 'node:http';

/**
 * How long a client may send the rest of a body after the response, in milliseconds. If the connection were closed at
 * once, many clients would not see the response.
 */
const REST_MS = 500;

/**
 * Limits how much is read of an unread body: closes the connection if a body continues {@link REST_MS} after its
 * response. By default, Node reads and drops such a body until the request timeout. Also leaves 100-continue to the
 * handlers, so that they can send a final response instead.
 */
export function closeUnreadBodies(server: Server): void {
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.prependListener('request', ({ method, socket }, response: ServerResponse) => {
    // The data after CONNECT is not a body.
    if (method === 'CONNECT') return;
    response.once('finish', () => {
      if (response.req.complete) return;
      setTimeout(() => response.req.complete || socket.destroy(), REST_MS).unref();
    });
  });
}
