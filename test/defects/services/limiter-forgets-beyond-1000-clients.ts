/** Defect: the counters of all clients are dropped when there are more than 1,000 of them. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/identity',
  'rate-limit-in-a-crowd',
  'stays used up while many other clients come: …',
);

const MOST = 1_000;

class ForgetfulStore extends FixedWindowStore {
  readonly #keys = new Set<string>();

  override increment(key: string) {
    if (this.#keys.size >= MOST && !this.#keys.has(key)) {
      for (const known of this.#keys) this.resetKey(known);
      this.#keys.clear();
    }
    this.#keys.add(key);
    return super.increment(key);
  }
}

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, { windowMs }) => new ForgetfulStore(windowMs, systemClock),
      close: async () => {},
    }),
  }));
