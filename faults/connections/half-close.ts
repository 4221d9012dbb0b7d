import { z } from 'zod';
import { defineConnectionFault, endingConnections } from './lib/connection-fault.ts';

/**
 * Half-closes connections (FIN) in the direction to the client, or to the side specified by `to`. The other direction
 * continues. When the fault is healed, the connections are closed.
 */
export const halfClose = defineConnectionFault({
  kind: 'half-close',
  does: 'half-closes each connection (FIN): one direction ends, the other continues',
  effect: 'fails',
  seen: 'connection',
  fields: { to: z.enum(['client', 'server']).optional().describe('"client" or "server"') },
  create: ({ to = 'client' }) =>
    endingConnections((connection) => {
      connection.finish(to);
      return () => connection.close();
    }),
});
