import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Wakes the event loop, by a clock finer than that of `setTimeout`. */
export interface Alarm {
  /** Calls back after so many milliseconds, or parts of one. One at a time: the next is set once this one has rung. */
  set(ms: number, onRing: () => void): void;
  /** It rings no more. */
  stop(): void;
}

/**
 * Sleeps for as long as the first number says, in microseconds, and then changes the second: again and again, until the first is
 * negative. A thread that ends by itself is safe from being ended in the midst of something.
 */
const SLEEPER = `
const { workerData: bell } = require('node:worker_threads');
for (;;) {
  Atomics.wait(bell, 0, 0);
  const us = Atomics.exchange(bell, 0, 0);
  if (us < 0) break;
  Atomics.wait(bell, 0, 0, us / 1_000);
  Atomics.store(bell, 1, 1);
  Atomics.notify(bell, 1);
}`;

/** The longest time that fits: microseconds. */
const LONGEST = 2 ** 31 - 1;

/** The first rings take milliseconds of their own: so many are for nobody. */
const FIRST_RINGS = 50;

/**
 * An alarm that is late by some 0.1 ms, where timers of Node are by up to 2 ms: a thread sleeps for it. Each ring takes about 50 µs
 * of CPU. Turns of the event loop without a pause would be more exact yet, and take the core from the server that is tested. On a
 * machine so busy that the thread has to wait for its turn, a timer is there first.
 *
 * @returns Once the thread is there and in practice, after some 60 ms.
 */
export async function createAlarm(): Promise<Alarm> {
  const bell = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const sleeper = new Worker(SLEEPER, { eval: true, workerData: bell, execArgv: [] });
  await once(sleeper, 'online');
  sleeper.unref();
  let isSleeping = false;
  let timer: NodeJS.Timeout | undefined;
  let due = 0;
  let pending: (() => void) | null = null;

  const sleep = () => {
    isSleeping = true;
    Atomics.store(bell, 1, 0);
    const woken = Atomics.waitAsync(bell, 1, 0);
    Atomics.store(bell, 0, Math.min(LONGEST, Math.max(1, Math.ceil((due - performance.now()) * 1_000))));
    Atomics.notify(bell, 0);
    if (woken.async) void woken.value.then(wake);
  };
  const wake = () => {
    isSleeping = false;
    if (performance.now() < due) sleep();
    else ring();
  };
  const ring = () => {
    clearTimeout(timer);
    const onRing = pending;
    pending = null;
    onRing?.();
  };
  const alarm: Alarm = {
    set(ms, onRing) {
      due = performance.now() + ms;
      pending = onRing;
      // It may fire early by a part of a millisecond.
      timer = setTimeout(ring, Math.ceil(ms) + 1);
      if (!isSleeping) sleep();
    },
    stop() {
      pending = null;
      due = 0;
      clearTimeout(timer);
      Atomics.store(bell, 0, -1);
      Atomics.notify(bell, 0);
    },
  };
  for (let left = FIRST_RINGS; left > 0; left -= 1) await new Promise<void>((resolve) => alarm.set(0.1, resolve));
  return alarm;
}
