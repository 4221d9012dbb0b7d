/** Defect: windows end after three quarters of their length. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-refuses-until-window-ends',
  'refuses until the window ends: conversation-end',
);

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, { windowMs }) => new FixedWindowStore(windowMs * 0.75, systemClock),
      close: async () => {},
    }),
  }));
