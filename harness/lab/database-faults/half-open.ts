import { z } from 'zod';
import { defineConnectionFault } from './fault.ts';

/**
 * Takes one side of a connection away without the other's knowing. `gone: "server"` (the default): the server's socket is
 * closed, the client's stays, and what it sends is lost. `gone: "client"`: the client's is closed, the server keeps its
 * backend. Healed, whoever is left is reset, as by a peer that knows nothing of the connection.
 */
export const halfOpen = defineConnectionFault({
  kind: 'half-open',
  does: 'takes one side of each connection away without the other knowing',
  fields: { gone: z.enum(['server', 'client']).optional().describe('"server" or "client"') },
  create:
    ({ gone = 'server' }) =>
    (connection) => {
      connection.lose(gone);
      return () => connection.reset();
    },
});
