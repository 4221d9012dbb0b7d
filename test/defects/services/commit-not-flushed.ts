/** Defect: commits are not flushed to disk, so that a crash of the database loses the latest ones. */
import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/database-outage',
  'acknowledged-before-a-crash',
  'acknowledged before a crash is stored',
);

if (import.meta.main) {
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.searchParams.set('options', '-c synchronous_commit=off');
  await runWithSettings({ DATABASE_URL: url.href });
}
