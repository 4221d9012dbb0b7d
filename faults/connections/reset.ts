import { defineConnectionFault, endingConnections } from './lib/connection-fault.ts';

/** Resets open and new connections (TCP RST, also with TLS). Client and server see ECONNRESET. */
export const reset = defineConnectionFault({
  kind: 'reset',
  does: 'resets open and new connections (RST)',
  effect: 'fails',
  seen: 'connection',
  fields: {},
  create: () =>
    endingConnections((connection) => {
      connection.reset();
      return undefined;
    }),
});
