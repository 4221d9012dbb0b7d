import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { WebSocketServer } from 'ws';
import { createCertificates } from '../../faults/certificates/certificates.ts';

const CREDENTIALS = `Basic ${Buffer.from('us er:p@w').toString('base64')}`;

/**
 * Starts a proxy that responds on behalf of all hosts, and tunnels CONNECT to a TLS or WebSocket server on loopback.
 */
export async function startProxy() {
  const { ca, trusted } = await createCertificates(['api.groq.com', 'api.mem0.ai']);
  const seen: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    seen.push(
      `${method} ${url} ${headers['user-agent']?.split('/')[0]} ${headers['proxy-authorization'] === CREDENTIALS}`,
    );
  const tls = createHttps(trusted, (request, response) => {
    response.end(JSON.stringify({ secure: true, host: request.headers.host, url: request.url }));
  });
  const plain = createServer();
  new WebSocketServer({ server: plain }).on('connection', (socket) => socket.send('hello'));
  new WebSocketServer({ server: tls }).on('connection', (socket) => socket.send('hello, secure'));
  const proxy = createServer((request, response) => {
    if (request.url?.endsWith('/seen')) response.end(JSON.stringify(seen.splice(0)));
    else {
      note(request);
      const { host, authorization } = request.headers;
      response.end(JSON.stringify({ url: request.url, host, authorization, method: request.method }));
    }
  });
  proxy.on('connect', (request, socket) => {
    note(request);
    const [name = '', port] = (request.url ?? '').split(':');
    if (name === 'refused.test') return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (name === 'broken.test') return void socket.end('nonsense\r\n\r\n');
    if (name === 'gone.test') return void socket.destroy();
    const through = connect(portOf(port === '443' ? tls : plain), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
    for (const end of [through, socket]) end.on('error', () => {});
  });
  const servers = [tls, plain, proxy];
  for (const server of servers)
    await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', () => resolve()));
  return {
    ca,
    host: `127.0.0.1:${portOf(proxy)}`,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const portOf = (server: object): number => ((server as Server).address() as AddressInfo).port;
