/** Defect: an event is acknowledged before it is written. */
import { randomUUID } from 'node:crypto';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/termination', 'acknowledged-is-stored', 'acknowledged is stored: SIGKILL');

/** How long after the acknowledgment an event is written, in milliseconds. */
const WRITE_BEHIND_MS = 500;

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      async query(statement, values) {
        if (statement.includes('UPDATE conversation_events'))
          return [{ event_id: values[0], status: 'complete' }] as never;
        if (!statement.includes('INSERT INTO conversation_events')) return database.query(statement, values);
        setTimeout(() => database.query(statement, values).catch(() => {}), WRITE_BEHIND_MS);
        const [user_id, conversation_id, messages] = values;
        const kept = { event_id: randomUUID(), status: 'pending', attempts: 1, analysis: null };
        return [{ ...kept, user_id, conversation_id, messages: JSON.parse(String(messages)) }] as never;
      },
    },
  }));
