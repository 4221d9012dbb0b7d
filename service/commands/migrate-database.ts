/** Brings the schema of the database at DATABASE_URL up to date: `make migrate`. Exits 2 if that is no usable URL, 1 if it fails. */

import { migrate } from '../storage/migrate.ts';
import { runDatabaseCommand } from './database-command.ts';

await runDatabaseCommand(async (client) => {
  const applied = await migrate(client);
  return applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date';
});
