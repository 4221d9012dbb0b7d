/** Defect: requests in the last third of a window also count in the next window. */
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
        const late = new Map<string, number>();
        class CarryingWindow extends FixedWindowStore {
          override increment(key: string) {
            const isNew = this.get(key) === undefined;
            const carried = isNew ? (late.get(key) ?? 0) : 0;
            for (let hit = 0; hit < carried; hit += 1) super.increment(key);
            if (isNew) late.delete(key);
            const window = super.increment(key);
            const isLate = (window.resetTime?.getTime() ?? 0) - Date.now() < windowMs / 3;
            if (isLate && window.totalHits <= amount) late.set(key, (late.get(key) ?? 0) + 1);
            return window;
          }
        }
        return new CarryingWindow(windowMs, systemClock);
      },
      close: async () => {},
    }),
  }));
