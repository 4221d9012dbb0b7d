import { GoError } from '../base/errors.ts';
import { startTimer } from '../base/exact-timer.ts';
import { goText } from '../base/go-format.ts';
import type { Steps, Wait } from '../blocking/carried.ts';
import { inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { runChecks } from './check.ts';
import { runGroup } from './group.ts';

/** Implements `k6`. */
export function createK6Module(vu: Vu): object {
  return {
    check: inSteps(vu, (...args: unknown[]) => runChecks(vu, args)),
    group: inSteps(vu, (name: unknown, action: unknown) => runGroup(vu, name, action)),
    sleep: inSteps(vu, (seconds: unknown) => sleep(vu, seconds)),
    fail: (message: unknown) => {
      throw new GoError(goText(message));
    },
    randomSeed: (seed: unknown) => {
      vu.random = seededRandom(Number(seed));
    },
  };
}

function* sleep(vu: Vu, seconds: unknown): Steps<void> {
  const ms = Math.max(0, Number(seconds) * 1_000 || 0);
  if (vu.phase !== 'init') {
    yield { begin: (waiter) => pause(vu, ms, () => waiter.onValue(undefined)) } satisfies Wait;
    return;
  }
  // VUs are created one after another, so blocking the thread doesn't delay anything else.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function pause(vu: Vu, ms: number, onEnd: (nothing: undefined) => void): void {
  const release = vu.loop.hold(() => cancel());
  const cancel = startTimer(ms, () => {
    onEnd(undefined);
    release();
  });
}

/** Returns a seeded generator of numbers from 0 to 1 (mulberry32), which differ from k6's. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
