import pg from 'pg';
import type { Contract } from '../contract/contract.ts';
import { asAdmin } from './postgres/database.ts';

type Ledger = NonNullable<Contract['ledger']>;

/** Columns that must differ in another row with the same key, with SQL for a different value. */
const ANOTHER: readonly (readonly [type: RegExp, value: (column: string, length?: string) => string])[] = [
  [/^uuid$/, () => 'gen_random_uuid()'],
  [/int/, (column) => `${column} + 1000000`],
  // The text may be as long as it can be.
  [/char.*\((\d+)\)/, (column, length) => `left(md5(${column}), ${length})`],
  [/char|text/, (column) => `${column} || '-again'`],
];

/** Returns SQL for a value that differs from that of a column with this type, or the column itself if there is none. */
export function anotherValue(column: string, type: string): string {
  for (const [of, value] of ANOTHER) {
    const found = of.exec(type);
    if (found) return value(column, found[1]);
  }
  return column;
}

/**
 * Deletes the ledger's last row, or stores all rows again with the same keys.
 *
 * @returns The reason why that is impossible, or undefined after success.
 */
export function spoilLedger(
  { table, column }: Ledger,
  adminUrl: string,
  how: 'deleted' | 'doubled',
): Promise<string | undefined> {
  const name = pg.escapeIdentifier(table);
  return asAdmin(adminUrl, async (client) => {
    try {
      const statement =
        how === 'deleted'
          ? `DELETE FROM ${name} WHERE ctid = (SELECT ctid FROM ${name} ORDER BY ctid DESC LIMIT 1)`
          : `INSERT INTO ${name} ${await anotherRow(client, { table, column })}`;
      const { rowCount } = await client.query(statement);
      return rowCount === 0 ? `${table} has no row` : undefined;
    } catch (error) {
      if (error instanceof pg.DatabaseError) return `the database refuses it: ${error.message}`;
      throw error;
    }
  });
}

/** Returns the columns, and a SELECT of values for them that keeps the key and satisfies the other unique indexes. */
async function anotherRow(client: pg.Client, { table, column: key }: Pick<Ledger, 'table' | 'column'>) {
  const { rows } = await client.query<{ name: string; type: string; isUnique: boolean }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, EXISTS (
       SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique AND attnum = ANY (indkey)
     ) AS "isUnique"
     FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
       AND NOT (atthasdef AND EXISTS (
         SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique AND attnum = ANY (indkey)))`,
    [pg.escapeIdentifier(table)],
  );
  const columns = rows.map(({ name }) => pg.escapeIdentifier(name));
  const values = rows.map(({ name, type, isUnique }) => {
    const column = pg.escapeIdentifier(name);
    return isUnique && name !== key ? anotherValue(column, type) : column;
  });
  return `(${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${pg.escapeIdentifier(table)}`;
}
