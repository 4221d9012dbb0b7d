/** Defect: an event is acknowledged although its row could not be written. */
import { randomUUID } from 'node:crypto';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/database-outage',
  'acknowledged-in-an-outage',
  'acknowledged in an outage is stored',
);

if (import.meta.main)
  await runWithParts(({ database, logger }) => ({
    database: {
      ...database,
      query: (statement, values) =>
        database.query<never>(statement, values).catch((error) => {
          if (!/^(INSERT INTO|UPDATE) conversation_events/.test(statement)) throw error;
          logger.error({ error: error.message }, 'the event could not be written');
          if (statement.startsWith('UPDATE')) return [{ event_id: values[0], status: 'complete' }] as never;
          const [user_id, conversation_id, messages] = values;
          const kept = { event_id: randomUUID(), status: 'pending', attempts: 1, analysis: null };
          return [{ ...kept, user_id, conversation_id, messages: JSON.parse(String(messages)) }] as never;
        }),
    },
  }));
