import type pg from 'pg';
import { databaseUrl } from '../config/values.ts';
import { connect } from '../storage/connect.ts';

const EXIT_UNUSABLE_CONFIGURATION = 2;
const EXIT_FAILED = 1;

/** Thrown if a command's setting is invalid. The message contains the setting, its value and the allowed values. */
export class UnusableSetting extends Error {
  override readonly name = 'UnusableSetting';
}

/**
 * Runs `act` with one connection to the database at DATABASE_URL, and prints the result. Exits with 2 if a setting is
 * invalid and with 1 if the command fails. On failure, it prints the reason in one line, without the URL.
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
