import { expect, test } from 'vitest';
import { compareWithBaseline, noiseHides, speedDiffers } from '../../../harness/gate/compare-with-baseline.ts';
import type { Round } from '../../../harness/gate/round.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { noise } from './noise.ts';

const TRUE_MS = { 'conversation-end': 6, 'activities-suggest': 5, 'conversation-read': 2, health: 1.2, ready: 1.5 };

/** How closely latencies follow the control, as measured (see docs/gate.md). */
const FOLLOWS = 0.57;

/**
 * Rounds of a service that is slower by the factor `slower`, on a machine that is slower by the factor `load`, which
 * the control shows.
 */
function roundsOf(n: number, draw: () => number, { slower = 1, load = (): number => 1, recovery = 2 } = {}): Round[] {
  return Array.from({ length: n }, () => {
    const busy = load();
    const latencies = Object.entries(TRUE_MS).map(([endpoint, ms]) => {
      const p50 = ms * slower * busy ** FOLLOWS * Math.exp(0.05 * draw());
      return [endpoint, { p50, p99: p50 * 3 * Math.exp(0.3 * draw()) }];
    });
    const controlMs = 0.8 * busy * Math.exp(0.03 * draw());
    return {
      controlMs,
      latencies: Object.fromEntries(latencies),
      secondsToRecover: recovery + 0.02 * Math.abs(draw()),
    };
  });
}

const called = (findings: Finding[]) => findings.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check);
const twenty = Array.from({ length: 20 }, (_, index) => index + 1);

/** How many of 300 gates report something, each against its own baseline. */
const gatesThatCall = (slower: number): number =>
  Array.from({ length: 300 }, (_, seed) =>
    called(compareWithBaseline(roundsOf(10, noise(1_000 + seed)), roundsOf(8, noise(seed), { slower }))),
  ).filter((calls) => calls.length > 0).length;

test('of 300 gates on an unchanged service, at most three report a regression', () => {
  expect(gatesThatCall(1)).toBeLessThanOrEqual(3);
});

test('of 300 gates on a service that is 20% slower, at most three report no regression', () => {
  expect(gatesThatCall(1.2)).toBeGreaterThanOrEqual(297);
});

test('a machine that is slower and occasionally busier is not a regression if it can be compared at all', () => {
  const baseline = roundsOf(10, noise(0));
  let compared = 0;
  for (const seed of twenty) {
    const draw = noise(seed);
    const rounds = roundsOf(8, draw, { load: () => 1.1 * Math.exp(0.1 * Math.abs(draw())) });
    if (speedDiffers(baseline, rounds)) continue;
    compared += 1;
    expect(called(compareWithBaseline(baseline, rounds))).toEqual([]);
  }
  expect(compared).toBeGreaterThan(5);
});

test('latencies that follow the control as closely as measured are unchanged', () => {
  const exact = roundsOf(8, () => 0);
  const rounds = exact.map((one) => {
    const follows = 1.2 ** 0.6;
    const latencies = Object.entries(one.latencies).map(([endpoint, { p50, p99 }]) => {
      return [endpoint, { p50: p50 * follows, p99: p99 * follows }] as const;
    });
    return { ...one, controlMs: one.controlMs * 1.2, latencies: Object.fromEntries(latencies) };
  });
  const [, finding] = compareWithBaseline(
    roundsOf(10, () => 0),
    rounds,
  );
  expect(finding?.observed).toContain('+0 % (+0 % to +0 %) for the speed of the machine');
});

test('a difference that is certain but within the bound is not a regression', () => {
  const exact = () => 0;
  expect(called(compareWithBaseline(roundsOf(10, exact), roundsOf(8, exact, { slower: 1.13 })))).toEqual([]);
  expect(called(compareWithBaseline(roundsOf(10, exact), roundsOf(8, exact, { slower: 1.15 })))).not.toEqual([]);
});

test('a difference beyond the bound is not a regression if the noise is just as large', () => {
  const [baseline, rounds] = [roundsOf(10, noise(1)), roundsOf(8, noise(2))];
  const wild = (of: Round[]) => of.map((one, index) => ({ ...one, controlMs: index % 2 ? 0.4 : 1.6 }));
  const slower = wild(rounds).map((one) => ({ ...one, controlMs: one.controlMs / 1.3 }));
  expect(called(compareWithBaseline(wild(baseline), slower))).toEqual([]);
});

test('a recovery that takes a second longer is reported, by the clock and not by the speed of the machine', () => {
  const findings = compareWithBaseline(roundsOf(10, noise(0)), roundsOf(8, noise(1), { recovery: 3 }));
  expect(called(findings)).toEqual(['time to recover']);
  expect(findings.at(-1)?.observed).toMatch(/^20\d\d\.\d\d → 30\d\d\.\d\d ms, \+50 % \(\+4\d % to \+5\d %\)$/);
});

test('too few rounds are INCONCLUSIVE', () => {
  const findings = compareWithBaseline(roundsOf(10, noise(0)), roundsOf(1, noise(1)));
  expect(findings).toMatchObject([{ check: 'changes measured', verdict: 'INCONCLUSIVE' }]);
  expect(findings[0]?.observed).toContain('0 of 11; not measured: p50 of conversation-end (too few rounds to tell)');
});

/** Rounds on a machine with irregular load, where each measure suffers independently, and the p99 most. */
const busyRounds = (n: number, seed: number, slower = 1) => {
  const draw = noise(seed);
  return roundsOf(n, draw, { slower }).map((one) => {
    const latencies = Object.entries(one.latencies).map(([endpoint, { p50, p99 }]) => {
      const waits = Math.exp(0.4 * Math.abs(draw()));
      return [endpoint, { p50: p50 * waits, p99: p99 * waits ** 3 }] as const;
    });
    return { ...one, latencies: Object.fromEntries(latencies) };
  });
};

test('of 300 gates on an unchanged service on a machine that is busy now, at most three report a regression', () => {
  const wrong = Array.from({ length: 300 }, (_, seed) => {
    const [baseline, rounds] = [roundsOf(10, noise(1_000 + seed)), busyRounds(8, seed)];
    return noiseHides(baseline, rounds) === undefined && called(compareWithBaseline(baseline, rounds)).length > 0;
  });
  expect(wrong.filter(Boolean).length).toBeLessThanOrEqual(3);
});

test('of 300 gates on a quiet machine, none leaves a p50 that is 20% slower unmeasured', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const [baseline, rounds] = [roundsOf(10, noise(1_000 + seed)), roundsOf(8, noise(seed), { slower: 1.2 })];
    expect(noiseHides(baseline, rounds)).toBeUndefined();
    expect(compareWithBaseline(baseline, rounds)[0]?.observed).not.toContain('p50');
  }
});

test('a change of +1% to +156% counts as not measured, and the other measures are judged all the same', () => {
  const [baseline, rounds] = [roundsOf(10, () => 0), roundsOf(8, () => 0, { slower: 1.2 })];
  const p99 = (of: Round[], factors: number[]) =>
    of.map((one, index) => {
      const { health, ...others } = one.latencies;
      const wide = { p50: health?.p50 ?? 0, p99: (health?.p99 ?? 0) * (factors[index % factors.length] as number) };
      return { ...one, latencies: { ...others, health: wide } };
    });
  const findings = compareWithBaseline(p99(baseline, [1, 1.2]), p99(rounds, [1.05, 1.3, 2.2, 2.6]));
  expect(findings[0]).toMatchObject({ check: 'changes measured', verdict: 'PASS' });
  expect(findings[0]?.observed).toMatch(/^10 of 11; not measured: p99 of health \(\+\d+ % to \+\d+ %\)$/);
  expect(findings.map(({ check }) => check)).not.toContain('p99 of health');
  expect(called(findings)).toHaveLength(5);
});

test('it is reported if the machine is a fifth slower or faster than before, but not if the difference is smaller', () => {
  const rounds = (controlMs: number) => roundsOf(8, () => 0).map((one) => ({ ...one, controlMs }));
  expect(speedDiffers(rounds(1), rounds(1.2))).toBeUndefined();
  expect(speedDiffers(rounds(1.2), rounds(1))).toBeUndefined();
  const told = 'a call that does not involve the service took 1.21 ms, compared with 1.00 ms in the baseline';
  expect(speedDiffers(rounds(1), rounds(1.21))).toBe(told);
  expect(speedDiffers(rounds(1.21), rounds(1))).toContain('took 1.00 ms, compared with 1.21 ms');
});

test('noise that hides more than half of the p50s is reported, and no regression is', () => {
  const wild = (seed: number, n: number, slower = 1) => {
    const draw = noise(seed);
    return roundsOf(n, draw, { slower }).map((one) => ({ ...one, controlMs: one.controlMs * Math.exp(0.3 * draw()) }));
  };
  expect(noiseHides(roundsOf(10, noise(0)), roundsOf(8, noise(1)))).toBeUndefined();
  const told = 'only 0 of 5 p50s could be measured to within 20 %';
  expect(noiseHides(wild(0, 10), wild(1, 6))).toBe(told);
  expect(noiseHides(wild(0, 10), wild(1, 6, 3))).toBe(told);
  expect(called(compareWithBaseline(wild(0, 10), wild(1, 6, 3)))).not.toContain('p50 of health');
});

test('if there are too few rounds to show anything, their number is reported', () => {
  expect(noiseHides(roundsOf(10, noise(0)), roundsOf(2, noise(1)))).toBe('2 rounds are too few for 11 comparisons');
});
