import type pg from 'pg';
import { databaseUrl } from '../config/values.ts';
import { connect } from '../storage/connect.ts';

const EXIT_UNUSABLE_CONFIGURATION = 2;
const EXIT_FAILED = 1;

/** An invalid setting of a command. The message names the setting, its value and the allowed values. */
export class UnusableSetting extends Error {
  override readonly name = 'UnusableSetting';
}

/**
 * Runs `act` over one connection to the database at DATABASE_URL, and prints the result. Exits with 2 if a setting is
 * invalid and with 1 if the command fails. Prints one line with the reason, without the URL.
 */
export async function runDatabaseCommand(act: (client: pg.Client) => Promise<string>): Promise<void> {
  try {
    const url = databaseUrl().safeParse(process.env.DATABASE_URL);
    if (!url.success)
      throw new UnusableSetting(`DATABASE_URL: ${url.error.issues.map(({ message }) => message).join('; ')}`);
    const client = await connect(url.data, { patienceMs: 0 });
    try {
      console.log(await act(client));
    } finally {
      await client.end();
    }
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = error instanceof UnusableSetting ? EXIT_UNUSABLE_CONFIGURATION : EXIT_FAILED;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
