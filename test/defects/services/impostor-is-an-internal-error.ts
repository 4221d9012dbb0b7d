/** Defect: a bad certificate is rejected, but reported to the caller as an internal error. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: groq expired, conversation-end',
);

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error) => {
          throw /CERT|SIGNATURE/.test(error.message) ? new Error('the certificate is bad') : error;
        }),
    },
  }));
