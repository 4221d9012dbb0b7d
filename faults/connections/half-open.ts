import { z } from 'zod';
import { defineConnectionFault, endingConnections } from './lib/connection-fault.ts';

/**
 * Closes one side of each connection without notifying the other. With `gone: "server"` (default), the server's socket
 * is closed, the client's socket stays open, and the client's data is lost. With `gone: "client"`, the client's socket
 * is closed, and the server keeps its backend. When the fault is healed, the remaining side is reset.
 */
export const halfOpen = defineConnectionFault({
  kind: 'half-open',
  does: 'closes one side of each connection without notifying the other',
  effect: 'waits',
  outlastsCalls: true,
  fields: { gone: z.enum(['server', 'client']).optional().describe('"server" or "client"') },
  create: ({ gone = 'server' }) =>
    endingConnections((connection) => {
      connection.lose(gone);
      return () => connection.reset();
    }),
});
