/** Defect: a bad certificate is rejected, but reported to the caller as an internal error. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: {
    invoke: (prompt, budget) =>
      llm.invoke(prompt, budget).catch((error) => {
        throw /CERT|SIGNATURE/.test(error.message) ? new Error('the certificate is bad') : error;
      }),
  },
}));
