import pg from 'pg';
import type { Contract } from '../contract/contract.ts';
import { asAdmin } from './postgres/database.ts';

/** A ledger's rows. */
interface LedgerRows {
  /** Number of rows by key. */
  readonly rows: Record<string, number>;
  /** The server's error message if the ledger could not be read, for example because the table does not exist. */
  readonly problem?: string;
}

/**
 * Counts the rows in a ledger for each key.
 *
 * @throws The server's error, unless a table or column is missing
 */
export async function readLedger(
  { table, column }: NonNullable<Contract['ledger']>,
  adminUrl: string,
): Promise<LedgerRows> {
  const key = pg.escapeIdentifier(column);
  const query = `SELECT ${key}::text AS key, count(*)::int AS rows FROM ${pg.escapeIdentifier(table)} GROUP BY 1`;
  try {
    const found = await asAdmin(adminUrl, (client) => client.query<{ key: string; rows: number }>(query));
    return { rows: Object.fromEntries(found.rows.map(({ key, rows }) => [key, rows])) };
  } catch (error) {
    // SQLSTATE 42… means that the contract refers to something that does not exist in the database.
    if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) return { rows: {}, problem: error.message };
    throw error;
  }
}
