import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { refuse } from '../../support/refusing-port.ts';

/** A server in this process. It does not keep the process running. */
export interface RealServer {
  /** Its address, such as 127.0.0.1:9200. */
  readonly address: string;
  /** Stops it: new connections are refused until this process ends, and open ones are closed. */
  close(): void;
}

/** Starts a search engine that finds one document, whatever the query is. `onAnswer` is called after each response. */
export async function startSearch(onAnswer = () => {}): Promise<RealServer> {
  const server = createHttpServer((incoming, outgoing) => {
    incoming.resume().once('end', () => {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"documents":["proofload"]}', onAnswer);
    });
  });
  return listen(server, () => server.closeAllConnections());
}

/**
 * Starts a counter: for each line that it gets, it responds with the number of lines so far. `onAnswer` is called after
 * each response.
 */
export async function startCounter(onAnswer = () => {}): Promise<RealServer> {
  let lines = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    socket.on('data', () => {
      lines += 1;
      socket.write(`${lines}\n`, onAnswer);
    });
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: Server, closeAll: () => void): Promise<RealServer> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  server.unref();
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      refuse(server);
      closeAll();
    },
  };
}
