import pg from 'pg';
import { Refusal } from '../../faults/base/refusal.ts';
import { asAdmin } from './postgres/database.ts';

/**
 * Returns the only value of a query as a number. NULL, as the sum of no rows, is 0.
 *
 * @throws Refusal if the query fails, or returns anything else
 */
export async function queryNumber(sql: string, adminUrl: string): Promise<number> {
  const { rows } = await asAdmin(adminUrl, (client) => client.query({ text: sql, rowMode: 'array' })).catch((error) => {
    throw error instanceof pg.DatabaseError ? refusal(`the query fails: ${error.message}`) : error;
  });
  const values: unknown[] = rows.flat();
  const value = values[0] === null ? 0 : Number(values[0]);
  if (values.length === 1 && Number.isFinite(value)) return value;
  throw refusal(`the query returns ${JSON.stringify(rows)}; allowed: one number`);
}

/** The script reports it. It is not a defect of the API, for which the stack would be printed. */
const refusal = (message: string) => new Refusal('internal', message, 500);
