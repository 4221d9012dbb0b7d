import { expect, test } from 'vitest';
import { describePlan, progressOf } from '../../../engine/executors/describe-plan.ts';
import { EXECUTORS } from '../../../engine/executors/executors.ts';
import { Share } from '../../../engine/executors/share.ts';

const planOf = (options: { readonly executor: string } & Record<string, unknown>, share = Share.WHOLE) => {
  const plan = EXECUTORS.get(options.executor)?.plan('some', options, share);
  if (!plan) throw new Error(`no executor ${options.executor}`);
  return plan;
};

const SCENARIOS = [
  { executor: 'constant-vus', vus: 12, duration: '90s', exec: 'own', startTime: '5s', gracefulStop: 0 },
  { executor: 'ramping-vus', startVUs: 2, stages: [{ duration: '1m', target: 12 }], gracefulRampDown: '5s' },
  { executor: 'shared-iterations', vus: 4, iterations: 100 },
  { executor: 'per-vu-iterations', vus: 4, iterations: 25, maxDuration: '30s' },
  { executor: 'constant-arrival-rate', rate: 90, timeUnit: '1m', duration: '10s', preAllocatedVUs: 4, maxVUs: 20 },
  { executor: 'ramping-arrival-rate', stages: [{ duration: '10s', target: 100 }], preAllocatedVUs: 20 },
];

// k6 v2.2.0 prints the same texts.
test('each executor describes its scenario, and says how far it is', () => {
  const state = { vus: 12, running: 7, done: 9 };
  const texts = SCENARIOS.map((options) => {
    const plan = planOf(options);
    const { share, columns } = progressOf(plan, state, 2_500);
    return [describePlan(plan), share, columns.join(' | ')];
  });
  expect(texts).toEqual([
    ['12 looping VUs for 1m30s (exec: own, startTime: 5s)', 2.5 / 90, '12 VUs | 0m02.5s/1m30s'],
    [
      'Up to 12 looping VUs for 1m0s over 1 stages (gracefulRampDown: 5s, gracefulStop: 30s)',
      2.5 / 60,
      '07/12 VUs | 0m02.5s/1m00.0s',
    ],
    [
      '100 iterations shared among 4 VUs (maxDuration: 10m0s, gracefulStop: 30s)',
      0.09,
      '4 VUs | 00m02.5s/10m0s | 009/100 shared iters',
    ],
    [
      '25 iterations for each of 4 VUs (maxDuration: 30s, gracefulStop: 30s)',
      0.09,
      '4 VUs | 02.5s/30s | 009/100 iters, 25 per VU',
    ],
    ['1.50 iterations/s for 10s (maxVUs: 4-20, gracefulStop: 30s)', 0.25, '07/12 VUs | 02.5s/10s | 1.50 iters/s'],
    [
      'Up to 100.00 iterations/s for 10s over 1 stages (maxVUs: 20, gracefulStop: 30s)',
      0.25,
      '07/12 VUs | 02.5s/10s | 025.00 iters/s',
    ],
  ]);
  expect(SCENARIOS.map(({ executor }) => executor)).toEqual(expect.arrayContaining([...EXECUTORS.keys()]));
});

test('an instance describes its own part, and progress ends at 1', () => {
  const half = new Share([1, 1], 0);
  const [shared, arrivals] = [SCENARIOS[2], SCENARIOS[4]].map((options) =>
    planOf(options as (typeof SCENARIOS)[number], half),
  );
  expect(shared && describePlan(shared)).toContain('50 iterations shared among 2 VUs');
  expect(arrivals && describePlan(arrivals)).toContain('0.75 iterations/s for 10s (maxVUs: 2-10');
  expect(arrivals && progressOf(arrivals, { vus: 3, running: 1, done: 9 }, 12_000)).toEqual({
    share: 1,
    columns: ['01/03 VUs', '10s', '0.75 iters/s'],
  });
});
