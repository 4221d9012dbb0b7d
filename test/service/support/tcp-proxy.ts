import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of connections: handed on, cut and refused, or held until they pass again. */
type Mode = 'passes' | 'cuts' | 'hangs';

/** A proxy before a server, which can fail as a network does. */
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
    /** From now on; to cut ends the connections that there are. */
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
