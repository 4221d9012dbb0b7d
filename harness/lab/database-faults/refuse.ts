import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';

/**
 * Refuses new connections (ECONNREFUSED) and resets open ones (TCP RST); each of these counts. When it is healed or its
 * time is over, the port accepts connections again. The server itself keeps running.
 */
export const refuse = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'refuse',
  does: 'refuses new connections (ECONNREFUSED) and resets open ones',
  fields: {},
  actsOn: 'port',
  create: () => ({
    engage(database, fault) {
      const listen = database.refuse(fault);
      // A connection that was accepted while the port closed is reset as well.
      const leave = database.disrupt(fault, (connection) => {
        connection.reset();
        return undefined;
      });
      return async () => {
        await leave();
        await listen();
      };
    },
  }),
});
