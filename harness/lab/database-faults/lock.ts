import { z } from 'zod';
import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import type { FaultyDatabase } from './lib/fault.ts';
import { lockTable } from './lib/table-lock.ts';

const fields = { table: z.string().min(1).optional().describe("a table's name") };

/**
 * Locks a table (by default the one in the contract), so that all queries on it wait. When the fault is healed, the
 * queries continue.
 */
export const lock = defineFault<typeof fields, FaultyDatabase>({
  kind: 'lock',
  does: 'locks a table, so that every query on it waits',
  fields,
  actsOn: 'server',
  create: ({ table }) => ({
    async engage(database, fault) {
      const name = table ?? database.table;
      if (name === undefined) throw new Error('the contract names no table; allowed: a fault with "table"');
      const held = await lockTable(database.adminUrl, name);
      fault.consider({});
      const end = database.span(fault);
      return async () => {
        await held.release();
        end();
      };
    },
  }),
});
