import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ERRORS, errorBody, ServiceError } from '../base/errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import { answerAtOnce, type InFlight } from './in-flight.ts';
import { ServerResponse, STATUS_CODES } from './node-http.ts';

/** The route label for requests that could not be parsed. */
const ROUTE = 'unreadable';

/** Responds to requests that the parser rejects or that time out, counts them, and closes their connections. */
export function answerUnreadable(server: Server, inFlight: InFlight, metrics: Metrics): void {
  server.on('clientError', (thrown: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    const error = explain(thrown.code);
    if (!error || !socket.writable) return void socket.destroy();
    metrics.refusals.inc({ reason: ERRORS[error.code].refusal as string });
    const owed = inFlight.on(socket);
    // If a handler is waiting for the body, its route counts the request.
    for (const response of owed) answerAtOnce(response, error);
    if (owed.length > 0) return;
    metrics.httpRequests.inc({ route: ROUTE, status: String(error.status) });
    socket.write(rawAnswer(error));
    socket.destroySoon();
  });
  // Handle CONNECT like any other request. The parser releases the connection in this case.
  server.on('connect', (request, stream) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(stream as Socket);
    response.once('finish', () => (stream as Socket).destroySoon());
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Returns the error to send to the client, or undefined if the connection is broken. */
function explain(code = ''): ServiceError | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ServiceError('request_timeout', 'The request was not complete in time.');
  }
  if (code === 'HPE_HEADER_OVERFLOW') return new ServiceError('headers_too_large', 'The headers exceed 16 kB.');
  return code.startsWith('HPE_') ? new ServiceError('invalid_request', 'The request is not valid HTTP.') : undefined;
}

function rawAnswer(error: ServiceError): string {
  const body = JSON.stringify(errorBody(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
