import { defineConnectionFault } from './lib/connection-fault.ts';

/**
 * Forwards nothing in either direction, neither bytes nor ends: open connections go silent, new ones are accepted but
 * never answered. When it is healed, everything arrives late, as after a TCP retransmission.
 */
export const blackhole = defineConnectionFault({
  kind: 'blackhole',
  does: 'forwards nothing: connections go silent, new ones are never answered',
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
