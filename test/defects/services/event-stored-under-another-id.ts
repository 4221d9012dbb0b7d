/** Defect: an event's row has a different conversation ID than the request. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'ledger-keeps-row', 'ledger keeps a row: conversation-end');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      query: (statement, values) => {
        const isInsert = statement.includes('INSERT INTO conversation_events');
        return database.query<never>(statement, isInsert ? values.with(1, `other-${values[1]}`) : values);
      },
    },
  }));
