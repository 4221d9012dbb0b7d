/**
 * Implements `make migrate`, which runs the migrations on the database at DATABASE_URL. Exits with 2 if the URL is
 * invalid and with 1 if a migration fails.
 */

import { migrate } from '../storage/migrate.ts';
import { runDatabaseCommand } from './database-command.ts';

await runDatabaseCommand(async (client) => {
  const applied = await migrate(client);
  return applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date';
});
