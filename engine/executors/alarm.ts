import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Wakes the event loop more precisely than `setTimeout`. */
export interface Alarm {
  /** Calls back after `ms` milliseconds, which may be fractional. Only one alarm can be set at a time. */
  set(ms: number, onRing: () => void): void;
  /** Stops the alarm permanently. */
  stop(): void;
}

/**
 * The worker's loop: sleeps for the number of microseconds in the first cell, changes the second cell, and repeats
 * until the first cell is negative. The thread exits on its own, so it is never terminated while busy.
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

/** Maximum sleep time in microseconds. */
const LONGEST = 2 ** 31 - 1;

/** Discard the first 50 wake-ups, which are milliseconds late because the thread has not warmed up. */
const FIRST_RINGS = 50;

/**
 * Creates an alarm that is about 0.1 ms late, whereas Node's timers are up to 2 ms late. A thread sleeps until the
 * alarm is due; each wake-up takes about 50 µs of CPU time. Spinning the event loop would be more precise, but would
 * take CPU time from the server under test. A busy machine may delay the thread, so a Node timer serves as a fallback.
 *
 * @returns Resolves once the thread has started and warmed up, after about 60 ms.
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
      // A Node timer may fire a fraction of a millisecond early.
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
