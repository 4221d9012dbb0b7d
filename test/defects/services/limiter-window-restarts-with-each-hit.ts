/** Defect: every request restarts the window, so a client that keeps sending requests is never allowed again. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-admits-exactly',
  'admits exactly N: conversation-end, second window',
  { says: 'a sliding ban' },
);

class RestartingWindow extends FixedWindowStore {
  override increment(key: string) {
    const hits = this.get(key)?.totalHits ?? 0;
    this.resetKey(key);
    for (let hit = 0; hit < hits; hit += 1) super.increment(key);
    return super.increment(key);
  }
}

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, { windowMs }) => new RestartingWindow(windowMs, systemClock),
      close: async () => {},
    }),
  }));
