/** Defect: a process finishes only events that failed in it, as if they were in its memory. */
import { runWithParts } from '../run-with.ts';

const started = new Date().toISOString();

await runWithParts(({ database }) => ({
  database: {
    ...database,
    query: (statement, values) =>
      database.query(
        statement.replace(
          'WHERE memory_event_id IS NULL AND',
          `WHERE created_at >= '${started}' AND memory_event_id IS NULL AND`,
        ),
        values,
      ),
  },
}));
