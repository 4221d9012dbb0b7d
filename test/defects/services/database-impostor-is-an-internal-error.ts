/** Defect: a bad certificate of the database is refused, and the caller told that the service itself is broken. */
import { runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) =>
    /CERT|SIGNATURE/.test(String(error)) ? new Error('the certificate is bad') : error,
  ),
}));
