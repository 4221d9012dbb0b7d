import type { Vu } from '../vu/vu.ts';

/** Implements `k6/timers`, which provides the same timers as the globals. */
export function createTimersModule(vu: Vu): object {
  return vu.timers;
}
