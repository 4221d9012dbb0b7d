import { z } from 'zod';
import { defineConnectionFault } from './fault.ts';

/**
 * Ends one direction of a connection (a FIN), to the client unless `to` says otherwise, while the other goes on. Healed,
 * the connection is closed.
 */
export const halfClose = defineConnectionFault({
  kind: 'half-close',
  does: 'ends one direction of each connection (FIN), while the other goes on',
  fields: { to: z.enum(['client', 'server']).optional().describe('"client" or "server"') },
  create:
    ({ to = 'client' }) =>
    (connection) => {
      connection.finish(to);
      return () => connection.close();
    },
});
