/** Defect: the analysis of a pending event is not kept, so that the LLM is called again for it. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/accepted-work',
  'work-finished-once',
  'finishes work once: conversation-end without mem0',
);

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      query: (statement, values) =>
        database.query(
          statement.replace('analysis = coalesce($3, analysis)', 'analysis = nullif($3::text, $3::text)'),
          values,
        ),
    },
  }));
