import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXECUTORS } from '../../../engine/executors/executors.ts';
import type { Plan } from '../../../engine/executors/plan.ts';
import { Share } from '../../../engine/executors/share.ts';
import { VuAccounts } from '../../../engine/executors/vu-accounts.ts';
import { type FakeVu, fakeStage, fakeVu } from './fake-stage.ts';
import { type Modelled, modelOf } from './vu-model.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Whole tenths of a second, so that scenarios often begin when others end. */
const tenths = (min: number, max: number) => fc.integer({ min, max }).map((number) => number * 100);
const fewVus = fc.integer({ min: 1, max: 4 });
const fewVusOrNone = fc.integer({ min: 0, max: 4 });

/** A stage whose steps are whole tenths of a second apart. */
const ramp = fc.array(fc.record({ pace: fc.integer({ min: 1, max: 5 }), target: fewVusOrNone }), {
  minLength: 1,
  maxLength: 4,
});

const common = { startTime: tenths(0, 40), gracefulStop: fc.oneof(fc.constant(0), tenths(0, 20)) };
/** Iterations never end at a whole tenth, and not when the test looks at them. */
const takes = fc.integer({ min: 1, max: 25 }).map((number) => number * 100 + 33);

const scenario: fc.Arbitrary<Modelled> = fc.oneof(
  fc.record({
    ...common,
    takes,
    executor: fc.constant('constant-vus' as const),
    vus: fewVus,
    duration: tenths(10, 20),
  }),
  fc.record({
    ...common,
    takes,
    executor: fc.constant('per-vu-iterations' as const),
    vus: fewVus,
    iterations: fc.integer({ min: 1, max: 5 }),
    maxDuration: tenths(10, 20),
  }),
  fc.record({
    ...common,
    takes,
    executor: fc.constant('shared-iterations' as const),
    vus: fewVus,
    iterations: fc.integer({ min: 4, max: 12 }),
    maxDuration: tenths(10, 20),
  }),
  fc
    .record({
      ...common,
      takes,
      executor: fc.constant('ramping-vus' as const),
      startVUs: fewVus,
      ramp,
      gracefulRampDown: fc.constantFrom(0, 100, 200, 300, 500, 1_000, 3_000),
    })
    .map(({ ramp: given, ...others }) => {
      let vus = others.startVUs;
      const stages = given.map(({ pace, target }) => {
        const duration = 100 * pace * (Math.abs(target - vus) || 3);
        vus = target;
        return { duration, target };
      });
      // A last step at the very end would need a VU for an instant.
      return { ...others, stages: [...stages, { duration: 100, target: vus }] };
    }),
  fc.record({
    ...common,
    takes,
    executor: fc.constant('constant-arrival-rate' as const),
    rate: fc.constantFrom(1, 2, 5, 10),
    duration: tenths(10, 20),
    preAllocatedVUs: fewVusOrNone,
    maxVUs: fc.integer({ min: 4, max: 6 }),
  }),
);

/** Runs scenarios on shared accounts until all have ended, and looks at them between all tenths of a second. */
async function runAll(scenarios: readonly Modelled[], looks: number) {
  const plans = scenarios.map(
    ({ takes: _, ...options }, index) =>
      EXECUTORS.get(options.executor)?.plan(`s${index}`, options, Share.WHOLE) as Plan,
  );
  const counts = { vusActive: 0, vusInitialized: 0 };
  const accounts = new VuAccounts<FakeVu>(plans, {
    make: async () => fakeVu(counts.vusInitialized + 1),
    count: (name, change) => {
      counts[name] += change;
    },
    warn: (message) => {
      throw new Error(message);
    },
  });
  await accounts.fill(new AbortController().signal);
  const planned = counts.vusInitialized;
  const active: number[] = [];
  const seen = plans.map(() => ({ iterations: 0, dropped: 0 }));
  for (let look = 0; look < looks; look += 1) setTimeout(() => active.push(counts.vusActive), 100 * look + 13);
  const runs = plans.map(async (plan, index) => {
    await new Promise((resolve) => setTimeout(resolve, plan.config.startTime));
    const stage = fakeStage(scenarios[index]?.takes ?? 0, accounts);
    await plan.run(stage.stage);
    seen[index] = { iterations: stage.seen.iterations.length, dropped: stage.seen.dropped.reduce((a, b) => a + b, 0) };
  });
  await vi.runAllTimersAsync();
  await Promise.all(runs);
  return { planned, initialized: counts.vusInitialized, left: counts.vusActive, active, seen };
}

test('all executors share one account of VUs, as in an independent model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scenario, { minLength: 1, maxLength: 5 }), async (scenarios) => {
      const model = modelOf(scenarios);
      const run = await runAll(scenarios, model.active.length);
      expect(run.active).toEqual(model.active);
      expect(run.seen).toEqual(model.seen);
      expect(run).toMatchObject({ planned: model.planned, left: 0 });
      expect(run.initialized).toBeLessThanOrEqual(model.most);
    }),
    { numRuns: 150 },
  );
});
