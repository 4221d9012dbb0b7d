import { GoError } from '../errors.ts';
import { seededRandom } from '../vu/seeded-random.ts';
import type { Vu } from '../vu/vu.ts';
import { runChecks } from './check.ts';
import { runGroup } from './group.ts';
import type { ModuleExports } from './module-table.ts';

/** `k6`. */
export function createK6Module(vu: Vu): ModuleExports {
  const named = {
    check: (value: unknown, conditions: unknown, tags?: unknown) => runChecks(vu, value, conditions, tags),
    group: (name: unknown, action: unknown) => runGroup(vu, name, action),
    sleep: (seconds: unknown) => sleep(vu, seconds),
    fail: (message: unknown = '') => {
      throw new GoError(String(message));
    },
    randomSeed: (seed: unknown) => {
      vu.random = seededRandom(Number(seed));
    },
  };
  return { ...named, default: named };
}

function sleep(vu: Vu, seconds: unknown): void {
  if (vu.phase !== 'init') {
    throw new GoError(
      'sleep() stops its VU without letting anything else run, which the embedded engine can\'t do yet: use "await new Promise((resolve) => setTimeout(resolve, milliseconds))" in an async function instead',
    );
  }
  // VUs are made one after the other, so that here nothing else is held up.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(seconds) * 1_000);
}
