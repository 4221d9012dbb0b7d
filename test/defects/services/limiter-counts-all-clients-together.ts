/** Defect: all clients share one counter. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { runWithParts } from '../run-with.ts';

class SharedCounter extends FixedWindowStore {
  override increment() {
    return super.increment('everybody');
  }
}

await runWithParts((_parts, { rateLimits }) => ({
  limiters: createLimiters(rateLimits, systemClock, {
    create: (_name, { windowMs }) => new SharedCounter(windowMs, systemClock),
    close: async () => {},
  }),
}));
