import { expect, test } from 'vitest';
import type { BuildRound, Measure } from '../../../harness/gate/build-round.ts';
import { compareBuilds, isEnough, looksAt } from '../../../harness/gate/compare-builds.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { noise } from './noise.ts';

const ENDPOINTS = ['health', 'ready', 'orders', 'search'];

/** Rounds in which this build costs `slower` times as much, with this noise of the ratios between rounds. */
function roundsOf(n: number, seed: number, { slower = 1, spread = 0.015, tails = 0.1 } = {}): BuildRound[] {
  const draw = noise(seed);
  return Array.from({ length: n }, () => {
    const measure = (kind: Measure['kind'], other: number, noisy: number, of?: string): Measure => {
      const ratio = slower * Math.exp(noisy * draw());
      return { kind, other, own: other * ratio, ratio, ...(of !== undefined && { of }) };
    };
    return {
      measures: [
        ...ENDPOINTS.flatMap((of) => [measure('p50', 2, spread, of), measure('p99', 9, tails, of)]),
        measure('cpu', 1, spread),
        measure('memory', 100 * 2 ** 20, 2 * spread),
      ],
      calls: 1_000,
      unserved: { own: 0, other: 0 },
    };
  });
}

const failed = (findings: Finding[]) => findings.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check);

/** Measures as a gate does, which ends early if it can. */
function gate(seed: number, change: Parameters<typeof roundsOf>[2]): Finding[] {
  const all = roundsOf(16, seed, change);
  const [early, whole] = looksAt(16);
  const first = all.slice(0, early);
  return compareBuilds(isEnough(first, 2) ? first : all.slice(0, whole), 2);
}

test('of 200 gates on an unchanged service, at most two report a regression, however large the noise is', () => {
  for (const spread of [0.005, 0.015, 0.1]) {
    const wrong = Array.from({ length: 200 }, (_, seed) => failed(gate(seed, { spread }))).filter(
      ({ length }) => length,
    );
    expect(wrong.length).toBeLessThanOrEqual(2);
  }
});

test('of 100 gates on a service that is 5% slower, at least 95 report it if rounds differ by 1.5%', () => {
  const seen = Array.from({ length: 100 }, (_, seed) => failed(gate(seed, { slower: 1.05 }))).filter(
    ({ length }) => length,
  );
  expect(seen.length).toBeGreaterThanOrEqual(95);
});

test('of 100 gates on a service that is slower by as much as a PASS says is seen, at least 80 report it', () => {
  const factorOf = (seed: number, name: string): number => {
    const finding = gate(seed, {}).find(({ check }) => check === name);
    return 1 + Number(/have detected a regression of \+([\d.]+) % or more/.exec(finding?.observed ?? '')?.[1]) / 100;
  };
  for (const name of ['p50 of all endpoints', 'CPU per request', 'p50 of health']) {
    const seen = Array.from({ length: 100 }, (_, seed) => seed).filter((seed) =>
      failed(gate(seed + 1_000, { slower: factorOf(seed, name) })).includes(name),
    );
    expect(seen.length, name).toBeGreaterThanOrEqual(80);
  }
});

test('a comparison that could not see that all p50s are 5% slower proves nothing', () => {
  const [measured, ...others] = compareBuilds(roundsOf(16, 1, { spread: 0.15 }), 1);
  expect(measured).toMatchObject({ check: 'changes measured', verdict: 'INCONCLUSIVE' });
  expect(measured?.observed).toMatch(
    /p50 of all endpoints \(would have detected only a regression of \+\d+\.\d % or more\)/,
  );
  expect(others.map(({ check }) => check)).not.toContain('p50 of health');
});

test('a p99 that is too noisy is left out, and everything else is judged', () => {
  const findings = compareBuilds(roundsOf(16, 1, { tails: 2 }), 1);
  expect(findings[0]).toMatchObject({
    verdict: 'PASS',
    observed: expect.stringMatching(/^7 of 12; not measured: p99 of/),
  });
  expect(findings.map(({ check }) => check)).not.toContain('p99 of health');
});

test('a difference that is certain but within the bound is not a regression', () => {
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 1.029, spread: 0 }), 1))).toEqual([]);
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 1.031, spread: 0 }), 1))).toContain('p50 of health');
});

test('a large regression is reported although its size is uncertain', () => {
  const findings = compareBuilds(roundsOf(16, 1, { slower: 2, spread: 0.2 }), 1);
  expect(failed(findings)).toContain('p50 of health');
});

test('a faster build passes', () => {
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 0.5 }), 1))).toEqual([]);
});

test('a measure that is missing in a round is judged by the others, and not if these are too few', () => {
  const rounds = roundsOf(16, 1);
  rounds[3]?.measures.shift();
  expect(compareBuilds(rounds, 1)[0]).toMatchObject({ verdict: 'PASS', observed: '12 of 12' });
  const few = compareBuilds(roundsOf(5, 1), 1);
  expect(few).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(few[0]?.observed).toContain('p50 of health (too few rounds: 5)');
  expect(compareBuilds([], 1)).toMatchObject([{ verdict: 'INCONCLUSIVE', observed: '0 of 0' }]);
});

/** Changes the CPU, and how many of 1,000 calls the other build did not serve. */
const withCpu = (rounds: BuildRound[], factor: number, unserved: (nth: number) => number): BuildRound[] =>
  rounds.map((round, nth) => ({
    ...round,
    measures: round.measures.map((measure) =>
      measure.kind === 'cpu' ? { ...measure, ratio: measure.ratio * factor } : measure,
    ),
    unserved: { own: 0, other: unserved(nth) },
  }));

test('if the other build refuses calls, which is cheap, this is no regression of the CPU', () => {
  const findings = compareBuilds(
    withCpu(roundsOf(16, 1), 2, () => 500),
    1,
  );
  expect(failed(findings)).toEqual([]);
  expect(findings[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(findings[0]?.observed).toContain('CPU per request (too few rounds in which all calls were served: 0)');
});

test('the CPU is compared in the rounds in which all calls were served', () => {
  const findings = compareBuilds(
    withCpu(roundsOf(16, 1), 1.1, (nth) => (nth < 2 ? 1 : 0)),
    1,
  );
  expect(failed(findings)).toEqual(['CPU per request']);
});

test('a comparison without the CPU, such as one of containers, does not claim to see it', () => {
  const rounds = roundsOf(16, 1).map((round) => ({
    ...round,
    measures: round.measures.filter(({ kind }) => kind !== 'cpu'),
  }));
  const [measured] = compareBuilds(rounds, 1);
  expect(measured).toMatchObject({ verdict: 'PASS', observed: '11 of 11; the CPU is not known' });
  expect(measured?.expected).not.toContain('CPU');
});

test('measuring ends early if there is a regression or all is known, and goes on otherwise', () => {
  expect(looksAt(16)).toEqual([13, 16]);
  expect(looksAt(1)).toEqual([1]);
  expect(isEnough(roundsOf(13, 1, { spread: 0.002, tails: 0.02 }), 2)).toBe(true);
  expect(isEnough(roundsOf(13, 1, { spread: 0.05, slower: 1.5 }), 2)).toBe(true);
  expect(isEnough(roundsOf(13, 1, { spread: 0.15 }), 2)).toBe(false);
  expect(isEnough([], 2)).toBe(false);
});

test('measuring does not go on for a p99 that is too noisy, but for a value that may be a regression', () => {
  const rounds = roundsOf(13, 1, { spread: 0.002, tails: 2 });
  expect(isEnough(rounds, 2)).toBe(true);
  const ratios = [0.96, 1.13, 0.98, 1.1, 1, 1.08, 1.01, 1.07, 1.02, 1.06, 1.03, 1.05, 1.04];
  const uncertain = rounds.map(({ measures, ...round }, nth) => ({
    ...round,
    measures: measures.map((measure) =>
      measure.of === 'search' && measure.kind === 'p50' ? { ...measure, ratio: ratios[nth] as number } : measure,
    ),
  }));
  expect(isEnough(uncertain, 2)).toBe(false);
});

test('the vital measures are judged as sharply however many others there are', () => {
  const widen = (round: BuildRound): BuildRound => ({
    ...round,
    measures: [
      ...round.measures,
      ...Array.from(
        { length: 200 },
        (_, nth): Measure => ({ kind: 'recovery', of: `more ${nth}`, own: 2, other: 2, ratio: 1 }),
      ),
    ],
  });
  const rounds = roundsOf(13, 1, { spread: 0.01 });
  const all = (findings: Finding[]) => findings.find(({ check }) => check === 'p50 of all endpoints');
  expect(all(compareBuilds(rounds.map(widen), 2))).toEqual(all(compareBuilds(rounds, 2)));
});
