import { afterEach, expect, test, vi } from 'vitest';
import { followSchedule, type Turn } from '../../../faults/scope/schedule.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('after a long pause of the process, all edges that are overdue are reached', () => {
  vi.useFakeTimers();
  const turns: Turn[] = [];
  const flapping = { onMilliseconds: 1, offMilliseconds: 1 };
  followSchedule({ flapping, forMilliseconds: 60_000 }, (to) => turns.push(to));
  expect(turns).toEqual(['on']);
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 59_999.5);
  vi.advanceTimersByTime(1);
  expect([turns.length, turns.at(-1)]).toEqual([60_000, 'off']);
  now.mockReturnValue(performance.now() + 1);
  vi.advanceTimersByTime(1);
  expect(turns.at(-1)).toBe('over');
});
