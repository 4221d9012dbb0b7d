import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EXECUTORS } from '../../../engine/executors/executors.ts';
import { Share } from '../../../engine/executors/share.ts';
import { readShare } from '../../../engine/options/execution-segment.ts';
import { fakeStage } from './fake-stage.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Returns the shares of all instances in a sequence such as `0,1/2,1`. */
const sharesOf = (sequence: string): Share[] => {
  const bounds = sequence.split(',');
  return bounds.slice(1).map((to, index) => readShare(`${bounds[index]}:${to}`, sequence));
};

const numbersBelow = (total: number, share: Share) =>
  Array.from({ length: share.scale(total) }, (_, nth) => share.numberOf(nth));

describe('shares', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 })
    .filter((all) => all.some(Boolean));

  test('of all instances contain each number once, in order', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 200 }), (all, total) => {
        const numbers = all.map((_, index) => numbersBelow(total, new Share(all, index)));
        expect(numbers.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, number) => number));
        for (const list of numbers) expect(list).toEqual(list.toSorted((a, b) => a - b));
      }),
    );
  });

  test('never differ from their weight by one or more', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 200 }), (all, total) => {
        const sum = all.reduce((a, b) => a + b);
        for (const [index, weight] of all.entries()) {
          const off = Math.abs(new Share(all, index).scale(total) - (total * weight) / sum);
          expect(off).toBeLessThan(all.length);
        }
      }),
    );
  });

  test.each([
    [
      '0,1/2,1',
      [
        [0, 2, 4],
        [1, 3, 5],
      ],
    ],
    [
      '0,1/3,1',
      [
        [1, 4],
        [0, 2, 3, 5],
      ],
    ],
    [
      '0,1/3,2/3,1',
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
  ])('of %s are striped like in k6', (sequence, expected) => {
    expect(sharesOf(sequence).map((share) => numbersBelow(6, share))).toEqual(expected);
  });

  test('divide into parts that together contain each number once, each part with its own consecutive numbers', () => {
    const parts = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(weights, parts, fc.nat(200), fc.nat(), (all, count, total, pick) => {
        const whole = new Share(all, pick % all.length);
        const own = numbersBelow(total, whole);
        const shares = Array.from({ length: count }, (_, index) => whole.part(index, count));
        const numbers = shares.map((share) => numbersBelow(total, share));
        expect(numbers.flat().sort((a, b) => a - b)).toEqual(own);
        for (const [index, share] of shares.entries()) {
          const inInstance = numbers[index]?.map((_, nth) => share.numberInInstance(nth)) ?? [];
          expect(inInstance.map((nth) => own[nth])).toEqual(numbers[index]);
          const has = Array.from({ length: total }, (_, number) => number).filter((number) => share.has(number));
          expect(has).toEqual(numbers[index]);
        }
      }),
    );
  });

  test('of iterations are empty without a share of VUs', () => {
    const shares = sharesOf('0,1/4,1/2,3/4,1').map((share) => share.ofWorkFor(2));
    expect(shares.map((share) => share.scale(11))).toEqual([6, 5, 0, 0]);
  });
});

describe('an execution segment', () => {
  test.each([
    ['1/2', undefined, [0, 2]],
    ['0:50%', undefined, [0, 2]],
    ['0.5:1', undefined, [1, 3]],
    ['1/4:1/2', '0,1/4,1/2,3/4,1', [1]],
    [undefined, undefined, [0, 1, 2, 3]],
    ['1/4:1/2', '1/4,1/2', [3]],
  ])('%s of %s', (segment, sequence, expected) => {
    const share = readShare(segment, sequence);
    expect(numbersBelow(4, share)).toEqual(expected);
  });

  test.each([
    ['1/2:1/2', undefined],
    ['2:3', undefined],
    ['a', undefined],
    ['1/2:1/3', undefined],
    ['0:1/2', '0,1/3,1'],
    ['0:1/2', '0,1,1/2'],
    ['0:1/2:1', undefined],
    ['1/999983:1/2', undefined],
    ['1/0', undefined],
  ])('%s of %s is rejected', (segment, sequence) => {
    expect(() => readShare(segment, sequence)).toThrow(
      expect.objectContaining({ code: 'INVALID_EXECUTION_SEGMENT', exitCode: 104 }),
    );
  });
});

describe('instances together do the work of a single one', () => {
  const rates = { timeUnit: '1s', preAllocatedVUs: 6, maxVUs: 6 };
  const SCENARIOS = {
    'constant-vus': { vus: 5, duration: '1s' },
    'per-vu-iterations': { vus: 5, iterations: 3 },
    'shared-iterations': { vus: 5, iterations: 17 },
    'ramping-vus': {
      startVUs: 1,
      stages: [
        { duration: '1s', target: 7 },
        { duration: '1s', target: 2 },
      ],
      gracefulRampDown: '100ms',
    },
    'constant-arrival-rate': { ...rates, rate: 13, duration: '1s' },
    'ramping-arrival-rate': { ...rates, startRate: 3, stages: [{ duration: '2s', target: 20 }] },
  };
  const SHARED: Record<string, Share[]> = {
    ...Object.fromEntries(['0,1/2,1', '0,1/7,1/3,1'].map((sequence) => [sequence, sharesOf(sequence)])),
    '3 threads': [0, 1, 2].map((index) => Share.WHOLE.part(index, 3)),
    '0,1/3,1 in 2 threads each': sharesOf('0,1/3,1').flatMap((share) => [share.part(0, 2), share.part(1, 2)]),
  };
  const cases = Object.keys(SCENARIOS).flatMap((executor) =>
    Object.keys(SHARED).map((shared) => [executor, shared] as const),
  );

  test.each(cases)('%s, shared as %s', async (executor, shared) => {
    const run = async (shares: readonly Share[]) => {
      const stages = shares.map(() => fakeStage(150));
      const options = { executor, ...SCENARIOS[executor as keyof typeof SCENARIOS] };
      const plans = shares.map((share) => EXECUTORS.get(executor)?.plan('mine', options, share));
      const running = plans.map((plan, index) => plan?.run((stages[index] as (typeof stages)[0]).stage));
      await vi.runAllTimersAsync();
      await Promise.all(running);
      const begins = stages.flatMap(({ seen }) => seen.iterations.map(({ begin }) => begin));
      return {
        begins: begins.sort((a, b) => a - b),
        vus: plans.reduce((sum, plan) => sum + (plan?.maxVus ?? 0), 0),
        dropped: stages.flatMap(({ seen }) => seen.dropped).reduce((a, b) => a + b, 0),
      };
    };
    const [single, several] = [await run([Share.WHOLE]), await run(SHARED[shared] ?? [])];
    expect(single.begins.length).toBeGreaterThan(10);
    if (executor === 'shared-iterations') {
      // As in k6, the order of completion depends on how the remaining iterations are shared.
      expect([several.begins.length, several.vus, several.dropped]).toEqual([17, single.vus, 0]);
    } else expect(several).toEqual(single);
  });
});
