import { expect, onTestFinished, test, vi } from 'vitest';
import { watchIdle } from '../../../harness/watch/watch-idle.ts';

test('the idle share is that of the last two intervals, and 0 until it is known', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const idleInterval = [0, 100, 0, 50];
  let times = { idle: 0, total: 0 };
  using idle = watchIdle(() => {
    times = { idle: times.idle + (idleInterval.shift() ?? 0), total: times.total + 200 };
    return times;
  });
  const next = () => {
    vi.advanceTimersByTime(200);
    return idle.share();
  };
  expect([idle.share(), next(), next(), next()]).toEqual([0, 0.5, 0.25, 0.125]);
});

test('reads the processor times of this machine', () => {
  using idle = watchIdle();
  expect(idle.share()).toBe(0);
});
