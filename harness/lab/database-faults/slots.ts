import { z } from 'zod';
import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import { takeSlots } from './lib/connection-slots.ts';
import type { FaultyDatabase } from './lib/fault.ts';

const fields = {
  leave: z
    .int()
    .min(0)
    .max(262_143)
    .describe('a whole number of slots, 0 or more')
    .meta({ examples: [0] }),
};

/**
 * Takes the server's connection slots until ordinary roles can open only `leave` more connections. After that, they get
 * SQLSTATE 53300. Each slot that is taken is counted. When the fault is healed, the slots are released.
 */
export const slots = defineFault<typeof fields, FaultyDatabase>({
  kind: 'slots',
  does: 'takes connection slots until only "leave" are free: further connections get SQLSTATE 53300',
  fields,
  actsOn: 'server',
  create: ({ leave }) => ({
    async engage(database, fault) {
      const held = await takeSlots(database.adminUrl, leave);
      for (let taken = 0; taken < held.taken; taken++) fault.consider({});
      const end = database.span(fault);
      return async () => {
        await held.release();
        end();
      };
    },
  }),
});
