import type { Vu } from '../vu/vu.ts';
import type { ModuleExports } from './module-exports.ts';

/** Implements `k6/timers`, which provides the same timers as the globals. */
export function createTimersModule(vu: Vu): ModuleExports {
  return { ...vu.timers, default: { ...vu.timers } };
}
