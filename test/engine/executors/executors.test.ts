import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { constantTimes, rampingTimes } from '../../../engine/executors/arrival-times.ts';
import { EXECUTORS } from '../../../engine/executors/executors.ts';
import { Share } from '../../../engine/executors/share.ts';
import { vuSteps, withRampDowns } from '../../../engine/executors/vu-steps.ts';
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

  test('lasts for its whole duration, even if no more iterations are due', async () => {
    const begun = performance.now();
    await run({ ...options, rate: 1, timeUnit: '10s', duration: '15s', preAllocatedVUs: 1 }, 250);
    expect(performance.now() - begun).toBe(15_000);
  });

  test('drops iterations that find no free VU when they are due, and warns once', async () => {
    const seen = await run({ ...options, preAllocatedVUs: 1 }, 1_500);
    expect(begins(seen)).toEqual([0]);
    expect(seen.dropped).toHaveLength(10);
    expect(seen.warnings).toEqual([1]);
  });

  test('creates VUs up to maxVUs, and drops iterations that would wait for one', async () => {
    const seen = await run({ ...options, preAllocatedVUs: 1, maxVUs: 3 }, 5_000);
    expect(seen.vus.size).toBe(3);
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

test('ramping-vus ends when it has reached 0 VUs for the last time', async () => {
  const begun = performance.now();
  const stages = [0, 2, 0, 0].map((target) => ({ duration: '1s', target }));
  await run({ executor: 'ramping-vus', startVUs: 0, stages }, 100);
  expect(performance.now() - begun).toBe(3_000);
});

describe('ramping-arrival-rate', () => {
  const options = { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', preAllocatedVUs: 5 };

  test('starts no iteration at 0, and ends with the last one, as recorded from k6', async () => {
    const stages = [
      { duration: '1s', target: 2 },
      { duration: '2s', target: 2 },
      { duration: '1s', target: 0 },
      { duration: '9s', target: 0 },
    ];
    const seen = await run({ ...options, stages }, 100);
    expect(begins(seen)).toEqual([1_000, 1_500, 2_000, 2_500, 3_000, 4_000]);
    expect(seen.iterations.at(-1)?.end).toBe(4_100);
  });

  test('starts none at all at rate 0', async () => {
    expect(begins(await run({ ...options, stages: [{ duration: '3s', target: 0 }] }, 100))).toEqual([]);
  });
});

describe('arrival times', () => {
  const ramp = (start: number, ...stages: [duration: number, target: number][]) =>
    [
      ...rampingTimes(
        start,
        1_000,
        stages.map(([duration, target]) => ({ duration, target })),
      ),
    ].map((time) => Number(time.toFixed(3)));

  test('are as many as the area under the rate', () => {
    expect(ramp(10, [500, 10], [1_000, 30], [0, 5], [400, 5])).toHaveLength(27);
  });

  test('get closer together as the rate rises', () => {
    expect(ramp(0, [2_000, 4])).toEqual([1_000, 1_414.214, 1_732.051, 2_000]);
  });

  test('pause while the rate is 0', () => {
    expect(ramp(2, [1_000, 2], [0, 0], [5_000, 0], [0, 2], [1_000, 2])).toEqual([500, 1_000, 6_500, 7_000]);
  });

  test('of a constant rate are whole nanoseconds apart, as in k6', () => {
    expect([...constantTimes(3, 1_000, 1_000)]).toEqual([0, 333.333333, 666.666666, 999.999999]);
  });
});

describe('VU steps', () => {
  const stepsOf = (start: number, ...stages: [duration: number, target: number][]) =>
    vuSteps(
      start,
      stages.map(([duration, target]) => ({ duration, target })),
      (vus) => vus,
    ).map(({ time, vus }) => [time, vus]);

  test('divide a stage evenly, with the last one at its end', () => {
    expect(stepsOf(1, [800, 3], [400, 3], [300, 0])).toEqual([
      [0, 1],
      [400, 2],
      [800, 3],
      [1_300, 2],
      [1_400, 1],
      [1_500, 0],
    ]);
  });

  test('jump if a stage has no duration', () => {
    expect(stepsOf(0, [0, 5])).toEqual([
      [0, 0],
      [0, 5],
    ]);
  });

  test.each([
    [
      30_000,
      30_000,
      [
        [33, 5],
        [42, 4],
        [50, 1],
        [53, 0],
      ],
    ],
    [
      30_000,
      80_000,
      [
        [33, 5],
        [42, 4],
        [50, 1],
        [103, 0],
      ],
    ],
    [30_000, 3_000, [[26, 0]]],
    [30_000, 0, [[23, 0]]],
  ])('keep VUs for a ramp-down of %d ms and a stop of %d ms, as recorded from k6', (rampDown, stop, expected) => {
    const targets = [
      [2, 6],
      [5, 1],
      [4, 5],
      [4, 1],
      [3, 4],
      [2, 4],
      [0, 1],
      [3, 1],
    ] as const;
    const ramp = targets.map(([seconds, target]) => ({ duration: 1_000 * seconds, target }));
    const needed = withRampDowns(
      vuSteps(4, ramp, (vus) => vus),
      rampDown,
      23_000 + stop,
    );
    expect(needed.map(({ time, vus }) => [time / 1_000, vus])).toEqual([[0, 4], [1, 5], [2, 6], ...expected]);
  });
});
