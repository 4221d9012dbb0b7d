import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Turns } from './turns.ts';

/**
 * Gives turns to the processes of a test run, for `alone.ts`. A connection is a file: it enters with it, and leaves when
 * the connection ends, even if its process is killed. A line with a number says that it waits until it is alone. The same
 * number says that it is, and the line `work` that it need not be. The first answer, 0, says that it may begin.
 *
 * @returns A function that ends the server. Vitest calls both, once for each project.
 */
export default async function serveTurns(): Promise<(() => void) | undefined> {
  if (process.env.TEST_TURNS !== undefined) return undefined;
  const turns = new Turns();
  const server = createServer((socket) => void attend(socket, turns));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.env.TEST_TURNS = String((server.address() as AddressInfo).port);
  return () => void server.close();
}

async function attend(socket: Socket, turns: Turns): Promise<void> {
  const closed = new Promise((close) => socket.on('error', () => {}).once('close', close));
  const visit = await turns.enter();
  createInterface(socket).on('line', (said) => {
    if (said === 'work') turns.work(visit);
    else turns.wait(visit, () => socket.write(`${said}\n`));
  });
  socket.write('0\n');
  await closed;
  turns.leave(visit);
}
