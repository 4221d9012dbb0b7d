/** Defect: what remains is told as it was before the request that is answered. */
import { changeHeaders } from '../change-headers.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: changeHeaders(limiters.conversationsEnd, (response, isRefused) => {
      const remaining = Number(response.getHeader('RateLimit-Remaining'));
      if (!isRefused) response.setHeader('RateLimit-Remaining', String(remaining + 1));
    }),
  },
}));
