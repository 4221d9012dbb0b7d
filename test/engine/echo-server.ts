import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

const CHALLENGE = 'Digest realm="lab", nonce="abc", qop="auth", opaque="xyz"';

/** How the server responds, by path. For all other paths it echoes the request. */
const PATHS: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse, url: URL) => void>> = {
  '/redirect': (_, response, url) => {
    response.writeHead(302, { Location: url.searchParams.get('to') ?? '' }).end();
  },
  '/cookies': (_, response, url) => {
    response.setHeader('Set-Cookie', url.searchParams.getAll('set')).end('{}');
  },
  '/refused': (_, response) => void response.writeHead(401, { 'WWW-Authenticate': CHALLENGE }).end(),
  '/html': (_, response) => response.end('<html>'),
  '/digest': (request, response, url) => {
    if (!/^Digest /.test(request.headers.authorization ?? ''))
      response.writeHead(401, { 'WWW-Authenticate': url.searchParams.get('challenge') ?? CHALLENGE }).end('who?');
    else echo(request, response);
  },
  '/decoded': decoded,
  '/drop': (request) => request.socket.destroy(),
  '/hang': () => {},
  '/cut': (request, response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('abc');
    setTimeout(() => request.socket.destroy(), 20);
  },
  '/no-gzip': (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('this is no gzip'),
};

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Responds with the decoded request body. The last encoding is decoded first. */
async function decoded(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const encodings = request.headers['content-encoding'] ?? '';
  const body = await buffer(request);
  const names = encodings.split(', ').reverse();
  response.end(
    JSON.stringify([
      encodings,
      names.reduce<Buffer>((bytes, name) => DECODERS[name]?.(bytes) ?? bytes, body).toString(),
    ]),
  );
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await buffer(request)).toString('latin1');
  const { connection: _, 'user-agent': __, ...headers } = request.headers;
  response.end(JSON.stringify({ method: request.method, url: request.url, headers, body }));
}

/** Starts the server on loopback. */
export async function startEcho(port = 0): Promise<{ readonly host: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://echo');
    (PATHS[url.pathname] ?? echo)(request, response, url);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
