import { connect } from '../../../service/storage/connect.ts';
import { migrate } from '../../../service/storage/migrate.ts';

/**
 * Runs the migrations on a database.
 *
 * @returns The names of the applied files.
 */
export async function migrated(url: string): Promise<string[]> {
  const client = await connect(url, { patienceMs: 0 });
  try {
    return await migrate(client);
  } finally {
    await client.end();
  }
}
