import type { Server } from 'node:http';
import type { Express } from 'express';

/** Listens on a free loopback port. */
export async function listen(app: Express): Promise<{ url: string } & AsyncDisposable> {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting: Server = app.listen(0, '127.0.0.1', (error) => (error ? reject(error) : resolve(starting)));
  });
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
