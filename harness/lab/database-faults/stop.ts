import { defineFault } from '../../../faults/kinds/fault.ts';
import type { FaultyDatabase } from './fault.ts';

/**
 * Stops the server at once (PostgreSQL's immediate shutdown, as after a crash): connections end, new ones are refused.
 * Healed, or its time over, it is started, recovers, and is there again. Each connection that it ends counts.
 */
export const stop = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'stop',
  does: 'stops the server at once, as a crash would',
  fields: {},
  actsOn: 'server',
  create: () => ({
    async engage(database, fault) {
      const listen = database.refuse(fault);
      database.countConnections(fault);
      const start = await database.stopServer().catch(async (error) => {
        await listen();
        throw error;
      });
      return async () => {
        await start();
        await listen();
      };
    },
  }),
});
