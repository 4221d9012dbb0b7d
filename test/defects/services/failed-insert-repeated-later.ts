/** Defect: an insert that failed is reported to the caller, but repeated later under another id. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/termination', 'lost-reply-stored-once', 'stored once although the reply is lost');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      async query(statement, values) {
        if (!statement.includes('INSERT INTO conversation_events')) return database.query(statement, values);
        return database.query<never>(statement, values).catch((error) => {
          const again = () => database.query<never>(statement, [`${values[0]}-again`, ...values.slice(1)]);
          setTimeout(() => again().catch(() => {}), 200);
          throw error;
        });
      },
    },
  }));
