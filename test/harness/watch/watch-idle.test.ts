import { expect, onTestFinished, test, vi } from 'vitest';
import { watchIdle } from '../../../harness/watch/watch-idle.ts';

test('the idle share is that of the last milliseconds, and 0 until it is known', () => {
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
    return idle.share(400);
  };
  expect([idle.share(400), next(), next(), next()]).toEqual([0, 0.5, 0.25, 0.125]);
  expect(idle.share(1_000)).toBe(0.25);
});

test('reads the processor times of this machine', () => {
  using idle = watchIdle();
  expect(idle.share(400)).toBe(0);
});
