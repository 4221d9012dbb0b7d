/** Defect: the reset in the headers is always the full length of the window. */
import { changeHeaders, changeRateLimit } from '../change-headers.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/header-truth',
  'rate-limit-header-truth',
  'headers are correct: draft-7, health',
);

if (import.meta.main)
  await runWithParts(({ limiters }, { rateLimits }) => ({
    limiters: {
      ...limiters,
      health: changeHeaders(limiters.health, (response) => {
        changeRateLimit(response, 'reset', () => (rateLimits.health[0]?.windowMs ?? 0) / 1_000);
      }),
    },
  }));
