/** Defect: each event is stored a second time under another user. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/termination', 'acknowledged-is-stored', 'acknowledged is stored: SIGTERM');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      async query(statement, values) {
        if (statement.includes('INSERT INTO conversation_events')) {
          await database.query(statement, [`${values[0]}-again`, ...values.slice(1)]);
        }
        return database.query(statement, values);
      },
    },
  }));
