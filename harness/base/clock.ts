import { epochNow } from '../../engine/base/epoch-clock.ts';

/**
 * Returns the milliseconds since the epoch, with a fractional part. All events in a history use this clock, and it is
 * consistent across all processes on a machine.
 */
export const now = epochNow;

/** Resolves after the given number of milliseconds, or as soon as the signal is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}

/**
 * Waits for a promise, at most for the given number of milliseconds. Leaves no timer behind, which would keep the process
 * running.
 *
 * @returns Whether the promise was fulfilled in time.
 * @throws The promise's error
 */
export async function atMostFor(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController();
  const late = pause(milliseconds, waiting.signal).then(() => false);
  return Promise.race([promise.then(() => true), late]).finally(() => waiting.abort());
}
