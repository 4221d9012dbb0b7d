import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, type ServiceError } from '../base/errors.ts';

/** A server's open connections, and the pending responses on each of them. */
export class InFlight {
  readonly #owed = new Map<Socket, Set<ServerResponse>>();

  /** Call this before the server starts listening. */
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

  /** All open connections with their pending responses. */
  get connections(): Iterable<[Socket, ReadonlySet<ServerResponse>]> {
    return this.#owed;
  }

  /** Returns the pending responses on one connection. */
  on(socket: Socket): readonly ServerResponse[] {
    return [...(this.#owed.get(socket) ?? [])];
  }
}

/**
 * Sends an error instead of what the handlers would send, and closes the connection. If a response has already started,
 * the connection is destroyed so that the client notices the incomplete response.
 */
export function answerAtOnce(response: ServerResponse, error: ServiceError): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = error.status;
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
  response.end(JSON.stringify(errorBody(error)));
}
