/** Defect: a process finishes only events that failed in it, as if they were in its memory. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/accepted-work',
  'work-finished',
  'finishes work by itself: conversation-end without mem0, then SIGTERM',
);

const started = new Date().toISOString();

if (import.meta.main)
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
