/** Defect: requests to one endpoint also count for all others. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts((_parts, { rateLimits }) => {
  const one = new FixedWindowStore(2_000, systemClock);
  const stores = { create: () => one, close: async () => {} };
  return { limiters: createLimiters(rateLimits, systemClock, stores) };
});
