import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';

/**
 * Stops the server immediately (PostgreSQL's immediate shutdown, like a crash). Open connections are closed, and new
 * ones are refused. When the fault is healed or its duration has elapsed, the server is started again and recovers.
 * Each closed connection is counted.
 */
export const stop = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'stop',
  does: 'stops the server immediately, like a crash',
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
