/** Defect: the remaining count in the headers doesn't include the current request. */
import { changeHeaders, changeRateLimit } from '../change-headers.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/header-truth',
  'rate-limit-header-truth',
  'headers are correct: draft-7, conversation-end',
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsEnd: changeHeaders(limiters.conversationsEnd, (response, isRefused) => {
        if (!isRefused) changeRateLimit(response, 'remaining', (remaining) => remaining + 1);
      }),
    },
  }));
