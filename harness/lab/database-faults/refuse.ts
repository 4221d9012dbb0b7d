import { defineFault } from '../../../faults/kinds/fault.ts';
import type { FaultyDatabase } from './fault.ts';

/**
 * The database is off for its clients: new connections are refused (ECONNREFUSED), and those that are open end with a TCP RST. Each of
 * these counts. Healed, or its time over, the port comes back; the server itself runs throughout.
 */
export const refuse = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'refuse',
  does: 'refuses connections (ECONNREFUSED), and resets those that are open',
  fields: {},
  actsOn: 'port',
  create: () => ({
    engage(database, fault) {
      const listen = database.refuse(fault);
      // One that was accepted while the port closed is reset as well.
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
