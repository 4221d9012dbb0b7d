/** Brings the schema of the database at DATABASE_URL up to date: `make migrate`. Exits 2 where that is no usable URL, 1 where it fails. */
import { databaseUrl } from './config/values.ts';
import { connect } from './storage/connect.ts';
import { migrate } from './storage/migrate.ts';

const EXIT_UNUSABLE_CONFIGURATION = 2;

const url = databaseUrl().safeParse(process.env.DATABASE_URL);
if (url.success) {
  const client = await connect(url.data, { patienceMs: 0 });
  try {
    const applied = await migrate(client);
    console.log(applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date');
  } finally {
    await client.end();
  }
} else {
  for (const { message } of url.error.issues) console.error(`DATABASE_URL: ${message}`);
  process.exitCode = EXIT_UNUSABLE_CONFIGURATION;
}
