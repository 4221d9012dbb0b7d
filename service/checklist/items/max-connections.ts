import { fails, holds, type Item, unknown } from './item.ts';

const POOL_MAX = 'database_pool_connections{state="max"}';

export const maxConnections: Item = {
  title: 'max_connections raised',
  judge({ slots, metrics, replicas }) {
    if ('missing' in slots) return unknown(`${slots.missing}. To check: DATABASE_URL=… make checklist`);
    const { maxConnections: max, defaultMax, superuserReserved, reserved } = slots.value;
    const free = max - superuserReserved - reserved;
    const shown = `max_connections ${max} − ${superuserReserved + reserved} reserved = ${free}`;
    if (max <= defaultMax) return fails(`${shown}; not above the server's default of ${defaultMax}`);
    const pool = 'value' in metrics ? metrics.value.get(POOL_MAX) : undefined;
    if (pool === undefined) return unknown(`${shown}; /metrics does not show the pool size`);
    const needed = `${replicas} replica(s) × ${pool} connections`;
    return pool * replicas < free ? holds(`${shown}, more than ${needed}`) : fails(`${shown}, not more than ${needed}`);
  },
};
