import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import { createCertificates } from '../../../faults/certificates/certificates.ts';
import { answer } from './answer.ts';
import { recordedRequest } from './recorded-request.ts';

/** The server that foreign scripts talk to instead of their own. */
export interface Target {
  /** `127.0.0.1:port`. The port serves HTTP/1.1, HTTP/2 over TLS, and WebSockets over both. */
  readonly address: string;
  /** What arrived, one line per request and per WebSocket message. */
  readonly arrived: readonly string[];
  close(): Promise<void>;
}

/** Scripts may wait for the server to close a WebSocket. */
const SOCKET_LIFE_MS = 2_000;

/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

const { trusted } = await createCertificates();

/** Starts a target on loopback. It responds to every path, and its responses contain nothing random. */
export async function startTarget(): Promise<Target> {
  const arrived: string[] = [];
  const connections = new Set<Socket>();
  const respond = async (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => {
    // The client has closed the connection.
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    arrived.push(recordedRequest(request, body));
    answer(request, body, response);
  };
  const { key, cert } = trusted;
  const plain = createHttpServer({ keepAliveTimeout: 60_000 }, respond);
  const secure = createSecureServer({ key, cert, allowHTTP1: true }, respond);
  const sockets = new WebSocketServer({ noServer: true });
  for (const server of [plain, secure]) {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      arrived.push(recordedRequest(request, Buffer.alloc(0)));
      sockets.handleUpgrade(request, socket, head, (client) => echo(client, arrived));
    });
  }
  const port = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => {}).once('close', () => connections.delete(socket));
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await once(port.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(port.address() as AddressInfo).port}`,
    arrived,
    async close() {
      for (const client of sockets.clients) client.terminate();
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => port.close(resolve));
    },
  };
}

function echo(client: WebSocket, arrived: string[]): void {
  client.on('message', (data, isBinary) => {
    arrived.push(`WebSocket ${isBinary ? 'binary' : 'text'} ${String(data)}`);
    client.send(data, { binary: isBinary });
  });
  const life = setTimeout(() => client.close(1000), SOCKET_LIFE_MS);
  client.once('close', () => clearTimeout(life)).on('error', () => {});
}
