import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { arrivalTimes } from '../../../engine/executors/arrival-times.ts';
import { EXECUTORS } from '../../../engine/executors/executors.ts';
import { Share } from '../../../engine/executors/share.ts';
import { vuSteps } from '../../../engine/executors/vu-steps.ts';
import { fakeStage } from './fake-stage.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs a scenario with iterations of a fixed duration, in milliseconds, until it finishes or is aborted. */
async function run(
  options: { executor: string } & Record<string, unknown>,
  takes: number,
  abortAt?: number,
  share = Share.WHOLE,
) {
  const { stage, seen, abort } = fakeStage(takes);
  const running = EXECUTORS.get(options.executor)?.plan('mine', options, share).run(stage);
  if (abortAt !== undefined) setTimeout(abort, abortAt);
  await vi.runAllTimersAsync();
  await running;
  return seen;
}
const begins = ({ iterations }: Awaited<ReturnType<typeof run>>, worker?: number) =>
  iterations.filter((iteration) => worker === undefined || iteration.worker === worker).map(({ begin }) => begin);

describe('per-vu-iterations', () => {
  const options = { executor: 'per-vu-iterations', vus: 2, iterations: 3, maxDuration: '1s', gracefulStop: '0s' };

  test('runs the iterations of each VU one after another', async () => {
    const seen = await run(options, 100);
    expect(begins(seen, 1)).toEqual([0, 100, 200]);
    expect(begins(seen, 2)).toEqual([0, 100, 200]);
    expect(seen).toMatchObject({ dropped: [], given: 2 });
  });

  test('drops unstarted iterations at maxDuration, and interrupts running ones after the grace period', async () => {
    const seen = await run(options, 700);
    expect(seen.iterations.map(({ begin, end, interrupted }) => [begin, end, interrupted])).toEqual([
      [0, 700, undefined],
      [0, 700, undefined],
      [700, 1_000, true],
      [700, 1_000, true],
    ]);
    expect(seen.dropped).toEqual([1, 1]);
  });

  test('drops nothing if the test is aborted', async () => {
    const seen = await run(options, 700, 300);
    expect(seen.iterations.every(({ end, interrupted }) => end === 300 && interrupted)).toBe(true);
    expect(seen.dropped).toEqual([]);
  });
});

describe('shared-iterations', () => {
  test('shares one budget, and drops the rest as one sample', async () => {
    const options = { executor: 'shared-iterations', vus: 2, iterations: 7, maxDuration: '1s', gracefulStop: '1s' };
    const whole = await run(options, 100);
    expect(whole.iterations).toHaveLength(7);
    expect(whole.dropped).toEqual([]);
    const late = await run(options, 800);
    expect(late.iterations.map(({ end }) => end)).toEqual([800, 800, 1_600, 1_600]);
    expect(late.dropped).toEqual([3]);
  });

  test('rejects more VUs than iterations', () => {
    expect(() =>
      EXECUTORS.get('shared-iterations')?.plan(
        'mine',
        { executor: 'shared-iterations', vus: 3, iterations: 2 },
        Share.WHOLE,
      ),
    ).toThrow("the number of iterations (2) can't be less than the number of VUs (3)");
  });
});

describe('constant-vus', () => {
  test('starts no iterations after its duration, and lets running ones finish within the grace period', async () => {
    const seen = await run({ executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '500ms' }, 400);
    expect(seen.iterations.map(({ begin, end }) => [begin, end])).toEqual([
      [0, 400],
      [400, 800],
      [800, 1_200],
    ]);
  });

  test('interrupts iterations that outlast the grace period', async () => {
    const seen = await run({ executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '500ms' }, 5_000);
    expect(seen.iterations).toEqual([{ worker: 1, begin: 0, end: 1_500, interrupted: true }]);
  });
});

describe('constant-arrival-rate', () => {
  const options = { executor: 'constant-arrival-rate', rate: 10, timeUnit: '1s', duration: '1s' };

  test('starts the first iteration immediately and the rest on schedule, including both ends', async () => {
    const seen = await run({ ...options, preAllocatedVUs: 6 }, 250);
    expect(begins(seen)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    expect(seen).toMatchObject({ dropped: [], warnings: [], given: 6 });
  });

  test('drops iterations that find no free VU when they are due, and warns once', async () => {
    const seen = await run({ ...options, preAllocatedVUs: 1 }, 1_500);
    expect(begins(seen)).toEqual([0]);
    expect(seen.dropped).toHaveLength(10);
    expect(seen.warnings).toEqual([1]);
  });

  test('creates VUs up to maxVUs, and drops iterations that would wait for one', async () => {
    const seen = await run({ ...options, preAllocatedVUs: 1, maxVUs: 3 }, 5_000);
    expect(seen.made).toBe(3);
    expect(begins(seen)).toEqual([0, 200, 400]);
    expect(seen.dropped).toHaveLength(8);
    expect(seen.given).toBe(3);
  });
});

describe('ramping-vus', () => {
  test('starts and stops each VU at its step, with a grace period to finish', async () => {
    const stages = [
      { duration: '1s', target: 2 },
      { duration: '1s', target: 2 },
      { duration: '1s', target: 0 },
    ];
    const seen = await run({ executor: 'ramping-vus', startVUs: 1, stages, gracefulRampDown: '100ms' }, 300);
    expect(begins(seen, 1)).toEqual([0, 300, 600, 900, 1_200, 1_500, 1_800, 2_100, 2_400, 2_700]);
    expect(begins(seen, 2)).toEqual([1_000, 1_300, 1_600, 1_900, 2_200]);
    expect(seen.iterations.filter(({ worker }) => worker === 2).at(-1)).toMatchObject({ end: 2_500 });
    expect(seen.given).toBe(2);
  });
});

describe('arrival times', () => {
  const times = (...segments: [duration: number, from: number, to: number][]) =>
    [...arrivalTimes(segments.map(([duration, from, to]) => ({ duration, from: from / 1_000, to: to / 1_000 })))].map(
      (time) => Number(time.toFixed(3)),
    );

  test('number one more than the area under the rate', () => {
    expect(times([500, 10, 10], [1_000, 10, 30], [0, 30, 5], [400, 5, 5])).toHaveLength(28);
  });

  test('get closer together as the rate rises', () => {
    expect(times([2_000, 0, 4])).toEqual([0, 1_000, 1_414.214, 1_732.051, 2_000]);
  });

  test('pause while the rate is 0', () => {
    expect(times([1_000, 2, 2], [5_000, 0, 0], [1_000, 2, 2])).toEqual([0, 500, 1_000, 6_500, 7_000]);
  });

  test('do not exist at a rate of 0', () => {
    expect(times([1_000, 0, 0])).toEqual([]);
  });
});

describe('VU steps', () => {
  test('divide a stage evenly, with the last one at its end', () => {
    expect(
      vuSteps(1, [
        { duration: 800, target: 3 },
        { duration: 400, target: 3 },
        { duration: 300, target: 0 },
      ]),
    ).toEqual([
      { time: 0, vus: 1 },
      { time: 400, vus: 2 },
      { time: 800, vus: 3 },
      { time: 1_300, vus: 2 },
      { time: 1_400, vus: 1 },
      { time: 1_500, vus: 0 },
    ]);
  });

  test('jump if a stage has no duration', () => {
    expect(vuSteps(0, [{ duration: 0, target: 5 }])).toEqual([
      { time: 0, vus: 0 },
      { time: 0, vus: 5 },
    ]);
  });
});
