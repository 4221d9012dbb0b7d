import { expect, test, vi } from 'vitest';
import { Signals } from '../../../harness/process/signals.ts';

test('a signal reaches current and later waiters', async () => {
  const signals = new Signals();
  const early = signals.wait('go', 10_000);
  signals.give('go');
  expect(await early).toBe(true);
  expect(await signals.wait('go', 10_000)).toBe(true);
});

test('waiting ends when the time limit is reached', async () => {
  vi.useFakeTimers();
  const waiting = new Signals().wait('never', 500);
  await vi.advanceTimersByTimeAsync(500);
  expect(await waiting).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('signals with different names are independent', async () => {
  const signals = new Signals();
  signals.give('a');
  expect(await signals.wait('b', 1)).toBe(false);
});
