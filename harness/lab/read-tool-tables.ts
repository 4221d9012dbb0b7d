import pg from 'pg';
import { uniqueTextsIn } from '../../faults/receipts/unique-texts.ts';
import type { Tool } from '../contract/schema/tools.ts';
import { asAdmin } from './postgres/database.ts';

/** The rows of tables in which tools act. */
interface ToolRows {
  /** By tool: for each row, the values of a script's `${unique}` in it. */
  readonly rows: Record<string, string[][]>;
  /** The server's error message if a table could not be read, for example because it does not exist. */
  readonly problem?: string;
}

/** Reads the tables in which tools act. */
export async function readToolTables(
  tools: Readonly<Record<string, Tool>>,
  adminUrl: string | undefined,
): Promise<ToolRows> {
  const tables = Object.entries(tools).flatMap(([name, { table }]) => (table === undefined ? [] : [{ name, table }]));
  if (tables.length === 0) return { rows: {} };
  if (adminUrl === undefined) return { rows: {}, problem: 'the lab has no database' };
  try {
    return await asAdmin(adminUrl, async (client) => {
      const rows: Record<string, string[][]> = {};
      for (const { name, table } of tables) {
        const query = `SELECT to_jsonb(stored)::text AS text FROM ${pg.escapeIdentifier(table)} stored`;
        const read = await client.query<{ text: string }>(query);
        rows[name] = read.rows.map(({ text }) => uniqueTextsIn(text, undefined));
      }
      return { rows };
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError) return { rows: {}, problem: error.message };
    throw error;
  }
}
