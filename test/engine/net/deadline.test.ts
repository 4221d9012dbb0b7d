import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadline } from '../../../engine/net/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('only reports deadlines that were missed and not cleared, each on time', () => {
  const deadline = new Deadline();
  const missed: string[] = [];
  const set = (ms: number, name: string) => {
    const due = performance.now() + ms;
    deadline.set(due, { onMissed: () => missed.push(`${name} ${performance.now() - due}`) });
  };
  set(100, 'first');
  vi.advanceTimersByTime(60);
  deadline.clear();
  set(100, 'later than the timer that runs');
  vi.advanceTimersByTime(99);
  expect(missed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(missed).toEqual(['later than the timer that runs 0']);
  set(500, 'long');
  deadline.clear();
  set(10, 'sooner than the timer that runs');
  vi.advanceTimersByTime(10);
  expect(missed[1]).toBe('sooner than the timer that runs 0');
  set(10, 'disposed of');
  deadline.dispose();
  vi.advanceTimersByTime(1_000);
  expect([missed.length, vi.getTimerCount()]).toEqual([2, 0]);
});
