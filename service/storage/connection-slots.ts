import type pg from 'pg';

/**
 * `slots` is the number of connections that the server has for ordinary roles. `wanted` is the maximum that all
 * replicas use.
 */
interface SlotBudget {
  readonly slots: number;
  readonly wanted: number;
}

const SLOTS = `
  SELECT current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int
       - coalesce(current_setting('reserved_connections', true), '0')::int AS slots`;

/**
 * Checks that the pools of all replicas together need fewer connections than `max_connections -
 * superuser_reserved_connections - reserved_connections`. One connection must remain, so that a
 * starting replica can run its migrations.
 * @param besides How many connections each replica needs in addition to its pool, for the rate limit store.
 * @returns The problem and its solution, or undefined if there are enough connections.
 */
export async function connectionShortage(
  client: Pick<pg.Client, 'query'>,
  poolMax: number,
  replicas: number,
  besides = 0,
): Promise<string | undefined> {
  const { rows } = await client.query<{ slots: number }>(SLOTS);
  const budget: SlotBudget = { slots: rows[0]?.slots ?? 0, wanted: (poolMax + besides) * replicas };
  return budget.wanted < budget.slots ? undefined : describe(budget, poolMax, replicas, besides);
}

function describe({ slots, wanted }: SlotBudget, poolMax: number, replicas: number, besides: number): string {
  const [names, numbers] = besides
    ? [`(DATABASE_POOL_MAX + ${besides} of RATE_LIMIT_STORE)`, `(${poolMax} + ${besides})`]
    : ['DATABASE_POOL_MAX', poolMax];
  return (
    `${names} × REPLICAS = ${numbers} × ${replicas} = ${wanted} is not below the ${slots} connections that ` +
    'the server has for this service: lower DATABASE_POOL_MAX, or raise max_connections (make max-connections, or increase_max_connections.sql).'
  );
}
