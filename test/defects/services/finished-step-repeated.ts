/** Defect: the analysis of a pending event is not kept, so that the LLM is called again for it. */
import { runWithParts } from '../run-with.ts';

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
