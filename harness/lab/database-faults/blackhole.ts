import { defineConnectionFault } from './fault.ts';

/**
 * Lets nothing through, in either direction, neither bytes nor ends: connections that there are go silent, new ones are
 * accepted and never answered. Healed, what was sent arrives late, as TCP sends again what a network lost.
 */
export const blackhole = defineConnectionFault({
  kind: 'blackhole',
  does: 'lets nothing through: connections go silent, new ones are never answered',
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
