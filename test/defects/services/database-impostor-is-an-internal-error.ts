/** Defect: a bad database certificate is rejected, but reported to the caller as an internal error. */
import { runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) =>
    /CERT|SIGNATURE/.test(String(error)) ? new Error('the certificate is bad') : error,
  ),
}));
