import { expect, test } from 'vitest';
import { runArrivals } from '../../../engine/executors/arrival-rate.ts';
import { constantTimes } from '../../../engine/executors/arrival-times.ts';
import { Share } from '../../../engine/executors/share.ts';
import { fakeStage } from './fake-stage.ts';

const VUS = 20;

test('overdue iterations start in batches, and reuse VUs that become free in the meantime', async () => {
  const { stage, seen } = fakeStage(0);
  let iterations = 0;
  const worker = () => ({
    iterate: (onEnd: () => void) => {
      iterations += 1;
      setImmediate(onEnd);
    },
    endBy: () => {},
    interrupt: () => {},
  });
  let lateBy = 50;
  const alarm = {
    set(_: number, onRing: () => void) {
      setTimeout(onRing, lateBy);
      lateBy = 0;
    },
    stop() {},
  };
  const config = { name: 'mine', executor: '', startTime: 0, gracefulStop: 1_000, exec: 'default', env: {}, tags: {} };
  await runArrivals(
    { ...config, preAllocatedVUs: VUS, maxVUs: VUS },
    { times: () => constantTimes(5, 1, 100), duration: 100, isSteady: false },
    Share.WHOLE,
    { ...stage, take: async () => worker(), alarm: async () => alarm },
  );
  expect(seen.dropped).toEqual([]);
  // This includes one at the start and one at the end.
  expect(iterations).toBe(501);
});
