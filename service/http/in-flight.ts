import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, type ServiceError } from '../base/errors.ts';

/** The connections of a server, and the answers that are owed on each. */
export class InFlight {
  readonly #owed = new Map<Socket, Set<ServerResponse>>();

  /** Watches a server from its first connection on: it must not listen yet. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#owed.set(socket, new Set());
      socket.once('close', () => this.#owed.delete(socket));
    });
    server.prependListener('request', (request, response: ServerResponse) => {
      const responses = this.#owed.get(request.socket);
      responses?.add(response);
      response.once('close', () => responses?.delete(response));
    });
  }

  /** All connections that are open, with the answers that are owed on each. */
  get connections(): Iterable<[Socket, ReadonlySet<ServerResponse>]> {
    return this.#owed;
  }

  /** The answers that are owed on one connection. */
  on(socket: Socket): readonly ServerResponse[] {
    return [...(this.#owed.get(socket) ?? [])];
  }
}

/**
 * Answers a request with an error in its handlers' stead, and ends its connection. Where an answer has begun already, the
 * connection is cut: the client sees that the answer is not whole.
 */
export function answerAtOnce(response: ServerResponse, error: ServiceError): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = error.status;
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
  response.end(JSON.stringify(errorBody(error)));
}
