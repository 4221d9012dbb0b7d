import { defineFault } from '../../../faults/kinds/lib/fault.ts';
import { asAdmin } from '../postgres/database.ts';
import type { FaultyDatabase } from './lib/fault.ts';

const BACKENDS = 'SELECT pid FROM pg_stat_activity WHERE usename = $1 ORDER BY backend_start';

/**
 * Terminates the service's current backends (pg_terminate_backend), as an operator or a failover would. The clients get
 * SQLSTATE 57P01. The effect is momentary, and each terminated backend has a receipt.
 */
export const terminate = defineFault<Record<never, never>, FaultyDatabase>({
  kind: 'terminate',
  does: "terminates the service's backends as an administrator would (SQLSTATE 57P01)",
  fields: {},
  actsOn: 'connections',
  create: () => ({
    engage: (database, fault) =>
      asAdmin(database.adminUrl, async (client) => {
        const { rows } = await client.query<{ pid: number }>(BACKENDS, [database.role]);
        const chosen = rows.filter(() => fault.consider({ connection: 'open' })).map(({ pid }) => pid);
        const receipts = chosen.map(() => database.span(fault));
        await client.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [chosen]);
        for (const end of receipts) end();
        return undefined;
      }),
  }),
});
