/** Defect: the answer that a conversation does not exist is cached for 10 s. */
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'ledger-keeps-row', 'shows what is stored: conversation-read');

const CACHED_MS = 10_000;

if (import.meta.main)
  await runWithParts(({ database }) => {
    const missing = new Map<string, number>();
    return {
      database: {
        ...database,
        async query(statement, values) {
          if (!statement.includes('WHERE conversation_id = $1 AND user_id = $2')) {
            return database.query(statement, values);
          }
          const key = values.join('\n');
          if ((missing.get(key) ?? 0) > Date.now()) return [];
          const rows = await database.query<never>(statement, values);
          if (rows.length === 0) missing.set(key, Date.now() + CACHED_MS);
          return rows;
        },
      },
    };
  });
