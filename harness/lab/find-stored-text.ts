import pg from 'pg';
import { asAdmin } from './postgres/database.ts';

/** Where a database keeps a text. */
export interface StoredText {
  readonly table: string;
  readonly column: string;
  /** The whole value of the column. */
  readonly value: string;
}

const COLUMNS = `SELECT table_name AS table, column_name AS column FROM information_schema.columns
  WHERE table_schema = ANY(current_schemas(false)) AND data_type IN ('text', 'character varying', 'character')
  ORDER BY 1, 2`;

/**
 * Returns the places in which the tables of a database keep a text, alone or with other text around it. Looks at each
 * column, so it is meant for the small database of a lab.
 */
export const findStoredText = (adminUrl: string, text: string): Promise<StoredText[]> =>
  asAdmin(adminUrl, async (client) => {
    const { rows: columns } = await client.query<Omit<StoredText, 'value'>>(COLUMNS);
    const found: StoredText[] = [];
    for (const { table, column } of columns) {
      const [from, name] = [pg.escapeIdentifier(table), pg.escapeIdentifier(column)];
      const query = `SELECT ${name} AS value FROM ${from} WHERE strpos(${name}, $1) > 0 LIMIT 1`;
      const { rows } = await client.query<Pick<StoredText, 'value'>>(query, [text]);
      found.push(...rows.map(({ value }) => ({ table, column, value })));
    }
    return found;
  });
