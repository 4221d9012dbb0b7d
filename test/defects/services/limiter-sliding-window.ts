/** Defect: the window is sliding, although the contract promises a fixed one. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/window-boundary',
  'rate-limit-window-boundary',
  'admits exactly after the end: conversation-end',
);

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create(_name, { amount, windowMs }) {
        const admissions = new Map<string, number[]>();
        class SlidingWindow extends FixedWindowStore {
          override increment(key: string) {
            const now = Date.now();
            const recent = (admissions.get(key) ?? []).filter((at) => at > now - windowMs);
            if (recent.length < amount) admissions.set(key, [...recent, now]);
            return { totalHits: recent.length + 1, resetTime: new Date((recent[0] ?? now) + windowMs) };
          }
        }
        return new SlidingWindow(windowMs, systemClock);
      },
      close: async () => {},
    }),
  }));
