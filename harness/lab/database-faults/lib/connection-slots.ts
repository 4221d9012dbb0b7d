import type pg from 'pg';
import { postgresClient } from '../../postgres/client.ts';

/** Connection slots that the lab occupies, as another client of the same server would. */
export interface HeldSlots {
  /** Number of connections that are held. */
  taken: number;
  release(): Promise<void>;
}

const FREE = `
  SELECT current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int
       - coalesce(current_setting('reserved_connections', true), '0')::int
       - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS free`;

/**
 * Takes connection slots until an ordinary role can open only `leave` more connections.
 *
 * @throws RangeError if fewer than `leave` slots are free
 */
export async function takeSlots(adminUrl: string, leave: number): Promise<HeldSlots> {
  const first = await open(adminUrl);
  const { rows } = await first.query<{ free: string }>(FREE);
  const free = Number(rows[0]?.free);
  const held = [first];
  const release = async () => {
    await Promise.all(held.map((client) => client.end()));
  };
  if (free < leave) {
    await release();
    throw new RangeError(`only ${free} connection slots are free, so ${leave} can't be left`);
  }
  try {
    while (held.length - 1 < free - leave) held.push(await open(adminUrl));
  } catch (error) {
    await release();
    throw error;
  }
  return { taken: held.length, release };
}

async function open(url: string): Promise<pg.Client> {
  const client = postgresClient(url);
  client.on('error', () => {}); // a lost slot is free again
  await client.connect();
  return client;
}
