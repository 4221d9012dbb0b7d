import { defineFault } from '../kinds/lib/fault.ts';
import type { ConnectionFault, FaultyConnections } from './lib/connection-fault.ts';

/**
 * Refuses new connections (ECONNREFUSED) and resets open ones (TCP RST). Each of these connections counts. When the
 * fault is healed or its time is over, the port accepts connections again. The server itself keeps running.
 */
export const refuse: ConnectionFault = {
  ...defineFault<Record<never, never>, FaultyConnections>({
    kind: 'refuse',
    does: 'refuses new connections (ECONNREFUSED) and resets open ones',
    fields: {},
    actsOn: 'port',
    create: () => ({
      engage(connections, fault) {
        const listen = connections.refuse(fault);
        // If a connection was accepted while the port was being closed, reset it as well.
        const leave = connections.disrupt(fault, (connection) => {
          connection.reset();
          return undefined;
        });
        return async () => {
          await leave();
          await listen();
        };
      },
    }),
  }),
  effect: 'port',
  seen: 'connection',
};
