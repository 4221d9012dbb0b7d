import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';

const fields = {
  downMilliseconds: z.number().min(0).max(600_000).optional().describe('a number of milliseconds from 0 to 600000'),
};

/**
 * Stops the server immediately, like `stop`, and starts it again after `downMilliseconds` (default 0). The fault ends
 * when the server accepts connections.
 */
export const restart = defineFault<typeof fields, FaultyDatabase>({
  kind: 'restart',
  does: 'stops the server immediately and starts it again',
  fields,
  actsOn: 'server',
  create: ({ downMilliseconds = 0 }) => ({
    async engage(database, fault) {
      const listen = database.refuse(fault);
      database.countConnections(fault);
      try {
        const start = await database.stopServer();
        await sleep(downMilliseconds);
        await start();
      } finally {
        await listen();
      }
      return undefined;
    },
  }),
});
