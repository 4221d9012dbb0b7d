import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How the proxy treats connections: it forwards them, cuts and refuses them, or holds their data. */
type Mode = 'passes' | 'cuts' | 'hangs';

/** Starts a proxy that can fail like a network. */
export async function startTcpProxy(targetPort: number) {
  let mode: Mode = 'passes';
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (mode === 'cuts') return client.resetAndDestroy();
    const target = keep(connect(targetPort, '127.0.0.1'));
    const hand = (from: Socket, to: Socket) => {
      from.on('data', (data) => {
        if (mode === 'hangs') held.push(() => to.write(data));
        else to.write(data);
      });
      from.on('close', () => to.destroy());
    };
    hand(client, target);
    hand(target, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** Changes the mode. Cutting also closes existing connections. */
    set(next: Mode) {
      mode = next;
      for (const deliver of held.splice(0)) if (mode === 'passes') deliver();
      if (mode === 'cuts') for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
