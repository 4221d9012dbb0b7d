/** Defect: a bad database certificate is rejected, but reported to the caller as an internal error. */

import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/database-impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: database expired, conversation-read',
);

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, (error) =>
      /CERT|SIGNATURE/.test(String(error)) ? new Error('the certificate is bad') : error,
    ),
  }));
