/** Defect: the remaining count in the headers doesn't include the current request. */
import { changeHeaders, changeRateLimit } from '../change-headers.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: changeHeaders(limiters.conversationsEnd, (response, isRefused) => {
      if (!isRefused) changeRateLimit(response, 'remaining', (remaining) => remaining + 1);
    }),
  },
}));
