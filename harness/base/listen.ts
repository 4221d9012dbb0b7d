import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/**
 * How long a connection without requests stays open, in milliseconds. The client should close it first, so that no request
 * is sent on a connection that the server is just closing.
 */
const IDLE_MS = 120_000;

/** Serves an application on a free loopback port. Disposing of the result closes all connections. */
export async function listen(app: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer({ keepAliveTimeout: IDLE_MS }, app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
