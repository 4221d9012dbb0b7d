/** Defect: a window ends after 10 s at the latest, although Retry-After says its whole length. */
import { systemClock } from '../../../service/base/clock.ts';
import { FixedWindowStore } from '../../../service/protections/limit-stores/fixed-window-store.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'rate-limit-holds',
  'keeps refusing while watched: conversation-end',
);

const MOST_MS = 10_000;

class ShortWindows extends FixedWindowStore {
  readonly #shorterByMs: number;

  constructor(windowMs: number) {
    const length = Math.min(windowMs, MOST_MS);
    super(length, systemClock);
    this.#shorterByMs = windowMs - length;
  }

  override increment(key: string) {
    const { totalHits, resetTime } = super.increment(key);
    return { totalHits, resetTime: new Date(Number(resetTime) + this.#shorterByMs) };
  }
}

if (import.meta.main)
  await runWithParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, { windowMs }) => new ShortWindows(windowMs),
      close: async () => {},
    }),
  }));
