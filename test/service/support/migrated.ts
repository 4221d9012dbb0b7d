import { connect } from '../../../service/storage/connect.ts';
import { migrate } from '../../../service/storage/migrate.ts';

/** Brings a database's schema up to date. @returns the names of the files applied now */
export async function migrated(url: string): Promise<string[]> {
  const client = await connect(url, { patienceMs: 0 });
  try {
    return await migrate(client);
  } finally {
    await client.end();
  }
}
