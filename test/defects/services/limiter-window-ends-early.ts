/** Defect: windows end after three quarters of their length. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts((_parts, { rateLimits }) => ({
  limiters: createLimiters(rateLimits, systemClock, {
    create: (_name, { windowMs }) => new FixedWindowStore(windowMs * 0.75, systemClock),
    close: async () => {},
  }),
}));
