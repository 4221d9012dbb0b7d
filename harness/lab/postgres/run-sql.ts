import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { postgresClient } from './client.ts';

/**
 * Returns the SQL files at a path: the file itself, or the .sql files of a folder in the order of their names, in which
 * numbers are compared as numbers. Files that undo migrations (*.down.sql) are left out.
 *
 * @throws Error if there is no such file, or no .sql file in the folder
 */
export async function sqlFilesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.sql') && !name.endsWith('.down.sql'));
  if (names.length === 0) throw new Error(`the folder ${path} contains no .sql file`);
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((name) => join(path, name));
}

/**
 * Runs a SQL file as the role in the URL. As with `psql -1`, all of its statements are one transaction, unless it has
 * transactions itself.
 *
 * @throws Error with the file, the line and PostgreSQL's message, and with advice if the file is meant for psql
 */
export async function runSqlFile(url: string, path: string): Promise<void> {
  const sql = withoutRestrict(await readFile(path, 'utf8'));
  const at = (offset: number) => `${relative('', path)}:${sql.slice(0, offset).split('\n').length}`;
  const client = postgresClient(url);
  client.on('error', () => {}); // the failing query reports it
  await client.connect();
  try {
    await client.query(sql);
  } catch (error) {
    const { message, position, detail, hint } = error as Error & Record<'position' | 'detail' | 'hint', string>;
    const meantForPsql = OF_PSQL.find(([pattern]) => pattern.test(sql));
    const advice = meantForPsql?.[1] ?? ADVICE.find(([pattern]) => pattern.test(message))?.[1];
    const offset = meantForPsql ? sql.search(meantForPsql[0]) : Number(position ?? 0) - 1;
    const where = offset < 0 ? relative('', path) : at(offset);
    throw new Error([`${where}: ${message}`, detail, hint, advice].filter(Boolean).join('\n'), { cause: error });
  } finally {
    await client.end().catch(() => {}); // the server has closed the connection
  }
}

/** Commands that only psql understands, with the way to do without them. */
const OF_PSQL: readonly (readonly [RegExp, string])[] = [
  [/^COPY\s[^;]*\sFROM\s+STDIN\b/im, 'rows after COPY … FROM stdin are read by psql only; use "pg_dump --inserts"'],
  [/^\\[a-z!]/im, 'lines that begin with a backslash are commands of psql; remove them, or run psql by `migrate`'],
];

/** The next step after an error of PostgreSQL. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^extension .* is not available/,
    'use an image that contains it (POSTGRES=container POSTGRES_IMAGE=…): see docs/how-to/database.md#extensions',
  ],
  [
    /^permission denied to create extension/,
    'the file runs as the role of the service, which is not a superuser: see docs/how-to/database.md#extensions',
  ],
  [/^role .* does not exist/, 'the lab creates the role itself; use "pg_dump --no-owner --no-privileges"'],
  [/cannot run inside a transaction block$/, 'put this statement alone into a file'],
];

/** pg_dump begins and ends its output with these commands of psql. They have no effect on the database. */
const withoutRestrict = (sql: string): string => sql.replace(/^\\(un)?restrict .*$/gm, '');
