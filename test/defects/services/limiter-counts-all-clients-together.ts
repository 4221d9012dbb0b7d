/** Defect: all clients share one counter. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-isolated',
  'other clients unaffected by the limit: conversation-end',
);

class SharedCounter extends FixedWindowStore {
  override increment() {
    return super.increment('everybody');
  }
}

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, { windowMs }) => new SharedCounter(windowMs, systemClock),
      close: async () => {},
    }),
  }));
