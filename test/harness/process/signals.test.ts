import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Signals } from '../../../harness/process/signals.ts';

// Other files of the same process may set timers as soon as the event loop turns, so nothing here lets it.
beforeEach(() => void vi.useFakeTimers());

afterEach(() => void vi.useRealTimers());

test('a signal reaches current and later waiters, and leaves no timer', async () => {
  const signals = new Signals();
  const early = signals.wait('go', 10_000);
  signals.give('go');
  expect(await early).toBe(true);
  expect(await signals.wait('go', 10_000)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('waiting ends when the time limit is reached', async () => {
  const waiting = new Signals().wait('never', 500);
  vi.advanceTimersByTime(500);
  expect(await waiting).toBe(false);
});

test('signals with different names are independent', async () => {
  const signals = new Signals();
  signals.give('a');
  const waiting = signals.wait('b', 1);
  vi.advanceTimersByTime(1);
  expect(await waiting).toBe(false);
});
