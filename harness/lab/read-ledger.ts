import pg from 'pg';
import { writeMarks } from '../../faults/marks/write-marks.ts';
import type { Contract } from '../contract/contract.ts';
import { asAdmin } from './postgres/database.ts';

/** A ledger's rows. */
interface LedgerRows {
  /** Number of rows by key. */
  readonly rows: Record<string, number>;
  /** The words of upstreams' answers in the rows, by key. Absent if the contract names no column with answers. */
  readonly answers?: Record<string, string>;
  /** The server's error message if the ledger could not be read, for example because the table does not exist. */
  readonly problem?: string;
}

/**
 * Counts the rows in a ledger for each key, and finds the words of answers in them.
 *
 * @throws The server's error, unless a table or column is missing
 */
export async function readLedger(
  { table, column, answer }: NonNullable<Contract['ledger']>,
  adminUrl: string,
): Promise<LedgerRows> {
  const key = pg.escapeIdentifier(column);
  const text = answer === undefined ? 'NULL' : `string_agg(${pg.escapeIdentifier(answer)}::text, E'\\n')`;
  const from = pg.escapeIdentifier(table);
  const query = `SELECT ${key}::text AS key, count(*)::int AS rows, ${text} AS answer FROM ${from} GROUP BY 1`;
  try {
    const { rows } = await asAdmin(adminUrl, (client) => client.query<Row>(query));
    return {
      rows: Object.fromEntries(rows.map((row) => [row.key, row.rows])),
      ...(answer !== undefined && { answers: answersIn(rows) }),
    };
  } catch (error) {
    // SQLSTATE 42… means that the contract refers to something that does not exist in the database.
    if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) return { rows: {}, problem: error.message };
    throw error;
  }
}

interface Row {
  readonly key: string;
  readonly rows: number;
  readonly answer: string | null;
}

const answersIn = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap(({ key, answer }) => {
      const marks = writeMarks(answer ?? '');
      return marks === '' ? [] : [[key, marks]];
    }),
  );
