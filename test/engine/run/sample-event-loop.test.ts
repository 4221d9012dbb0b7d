import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleEventLoop } from '../../../engine/run/sample-event-loop.ts';

let now = 0;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets time pass without blocking the event loop. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 10) {
    now += 10;
    vi.advanceTimersByTime(10);
  }
}

function start() {
  const lags: number[] = [];
  const add = (_metric: unknown, lag: number) => lags.push(lag);
  const stop = sampleEventLoop({ strictMetrics: { eventLoopLag: {} }, collector: { add }, options: {} } as never);
  return { lags, stop };
}

test('records the longest delay of each second', () => {
  const { lags, stop } = start();
  pass(400);
  now += 300;
  pass(300);
  expect(lags).toEqual([300]);
  pass(1_000);
  expect(lags).toEqual([300, 0]);
  stop();
});

test('records what blocked the event loop until a second was over, or until the end', () => {
  const { lags, stop } = start();
  pass(900);
  now += 400;
  pass(10);
  expect(lags).toEqual([400]);
  now += 250;
  stop();
  expect(lags).toEqual([400, 240]);
  pass(2_000);
  expect(lags).toHaveLength(2);
});
