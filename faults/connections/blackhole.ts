import type { Undo } from '../kinds/lib/fault.ts';
import type { ProxiedConnection } from '../proxy/proxied-connection.ts';
import { defineConnectionFault } from './lib/connection-fault.ts';

/**
 * Forwards nothing in either direction, neither data nor the closing of a connection. Open connections go silent, and
 * new ones are accepted but never get a response. When the fault is healed, everything arrives late, as it would after
 * a TCP retransmission.
 *
 * If it acts on a call, the call reaches the server, and nothing comes back until a call without this fault arrives on
 * the connection. A client that shares one connection between calls then gets the late response first.
 */
export const blackhole = defineConnectionFault({
  kind: 'blackhole',
  does: 'forwards nothing: existing connections hang, and new ones get no response',
  effect: 'waits',
  fields: {},
  create: () => (connection, on) => (on === 'call' ? silenceCall(connection) : silence(connection)),
});

function silence({ toServer, toClient }: ProxiedConnection): Undo {
  const undo = [toServer.hold(), toClient.hold()];
  return () => {
    for (const heal of undo) heal();
  };
}

function silenceCall(connection: ProxiedConnection): Undo {
  const release = connection.toClient.hold();
  let isOver = false;
  const heal = (): void => {
    if (!isOver) void release();
    isOver = true;
  };
  connection.onNextCall(heal);
  return heal;
}
