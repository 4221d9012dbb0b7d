import { defineConnectionFault } from './lib/connection-fault.ts';

/**
 * Forwards nothing in either direction, neither data nor the closing of a connection. Open connections go silent, and
 * new ones are accepted but never get a response. When the fault is healed, everything arrives late, as it would after
 * a TCP retransmission.
 */
export const blackhole = defineConnectionFault({
  kind: 'blackhole',
  does: 'forwards nothing: existing connections hang, and new ones get no response',
  fields: {},
  create:
    () =>
    ({ toServer, toClient }) => {
      const undo = [toServer.hold(), toClient.hold()];
      return () => {
        for (const heal of undo) heal();
      };
    },
});
