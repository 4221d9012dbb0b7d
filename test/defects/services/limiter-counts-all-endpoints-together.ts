/** Defect: requests to one endpoint also count for all others. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-isolated',
  'other endpoints unaffected by the limit: health',
);

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => {
    const store = new FixedWindowStore(2_000, systemClock);
    const stores = { create: () => store, close: async () => {} };
    return { limiters: createLimiters(rateLimits, systemClock, stores) };
  });
