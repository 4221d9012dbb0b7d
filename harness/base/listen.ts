import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { keepAlive } from '../../faults/base/keep-alive.ts';

/** Serves an application on a free loopback port. Disposing of the result closes all connections. */
export async function listen(app: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(keepAlive, app);
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
