import { runWithParts } from './run-with.ts';

/**
 * Runs the reference service so that it repeats a failed insert of an event under another user.
 *
 * @param afterMs How long after the failure, in milliseconds. With 0, the caller waits for it and gets no error.
 */
export const runInsertingAgain = (afterMs: number): Promise<void> =>
  runWithParts(({ database }) => ({
    database: {
      ...database,
      async query(statement, values) {
        if (!statement.includes('INSERT INTO conversation_events')) return database.query(statement, values);
        return database.query<never>(statement, values).catch(async (error) => {
          const again = () => database.query<never>(statement, [`${values[0]}-again`, ...values.slice(1)]);
          if (afterMs === 0) return again();
          setTimeout(() => again().catch(() => {}), afterMs);
          throw error;
        });
      },
    },
  }));
