import { z } from 'zod';
import { defineConnectionFault } from './lib/connection-fault.ts';

/**
 * Closes one side of each connection without telling the other. `gone: "server"` (default): the server's socket is
 * closed, the client's stays open, and the client's bytes are lost. `gone: "client"`: the client's socket is closed and
 * the server keeps its backend. When it is healed, the remaining side is reset.
 */
export const halfOpen = defineConnectionFault({
  kind: 'half-open',
  does: 'closes one side of each connection without telling the other',
  fields: { gone: z.enum(['server', 'client']).optional().describe('"server" or "client"') },
  create:
    ({ gone = 'server' }) =>
    (connection) => {
      connection.lose(gone);
      return () => connection.reset();
    },
});
