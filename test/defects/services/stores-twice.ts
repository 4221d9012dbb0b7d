/** Defect: each event is stored a second time under another user. */
import { runWithParts } from '../run-with.ts';

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
