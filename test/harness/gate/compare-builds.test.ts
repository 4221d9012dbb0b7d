import { expect, test } from 'vitest';
import type { BuildRound, Measure } from '../../../harness/gate/build-round.ts';
import { compareBuilds, isEnough } from '../../../harness/gate/compare-builds.ts';
import type { MeasureKind } from '../../../harness/gate/measures.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import { noise } from './noise.ts';

const ENDPOINTS = ['health', 'ready', 'orders', 'search'];

/** By how much the ratios of a kind vary between rounds, compared with those of p50s. */
const SPREADS: [MeasureKind, number][] = [
  ['cpu', 1],
  ['saturation', 1.5],
  ['half p50', 4],
  ['half p99', 12],
  ['waiting', 1],
  ['refused', 0],
  ['memory', 1],
  ['peak', 6],
  ['kept', 1],
  ['connections', 0],
];

interface Change {
  /** The factor by which all measures are higher, or those of some kinds. */
  readonly slower?: number;
  readonly kinds?: readonly MeasureKind[];
  readonly than?: readonly Measure['than'][];
  readonly spread?: number;
  readonly tails?: number;
}

/** Rounds in which this build costs more, with this noise of the ratios between rounds. */
function roundsOf(n: number, seed: number, change: Change = {}): BuildRound[] {
  const { slower = 1, kinds, than: baselines = ['other'], spread = 0.015, tails = 0.06 } = change;
  const draw = noise(seed);
  const measure = (kind: MeasureKind, noisy: number, of?: string): Measure[] =>
    baselines.map((than) => {
      const ratio = ((kinds?.includes(kind) ?? true) ? slower : 1) * Math.exp(noisy * draw());
      return { kind, than, other: 2, own: 2 * ratio, ratio, ...(of !== undefined && { of }) };
    });
  return Array.from({ length: n }, () => ({
    measures: [
      ...ENDPOINTS.flatMap((of) => [...measure('p50', 2 * spread, of), ...measure('p99', 2 * tails, of)]),
      ...SPREADS.flatMap(([kind, times]) => measure(kind, times * spread)),
    ],
    calls: 1_000,
    unserved: { own: 0, other: 0 },
  }));
}

const failed = (findings: Finding[]) => findings.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check);

function verdictOf(findings: Finding[]): string {
  if (failed(findings).length > 0) return 'FAIL';
  return findings.every(({ verdict }) => verdict === 'PASS') ? 'PASS' : 'INCONCLUSIVE';
}

/** Measures as a gate does, which ends as soon as it knows. */
function gate(seed: number, change: Change = {}, most = 16): { findings: Finding[]; rounds: number } {
  const all = roundsOf(most, seed, change);
  let rounds = 1;
  while (rounds < most && !isEnough(all.slice(0, rounds))) rounds += 1;
  return { findings: compareBuilds(all.slice(0, rounds)), rounds };
}

const gates = (count: number, change: Change) =>
  Array.from({ length: count }, (_, seed) => verdictOf(gate(seed, change).findings));

const share = (verdicts: readonly string[], verdict: string): number =>
  verdicts.filter((found) => found === verdict).length / verdicts.length;

test.each([0.003, 0.015, 0.1])('of 200 gates of equal builds, at most 2 FAIL if rounds differ by %d', (spread) => {
  expect(share(gates(200, { spread, tails: 4 * spread }), 'FAIL')).toBeLessThanOrEqual(0.01);
});

test('gates of equal builds end as soon as they know, and PASS', () => {
  const equal = Array.from({ length: 100 }, (_, seed) => gate(seed));
  const rounds = equal.map(({ rounds: needed }) => needed).sort((a, b) => a - b);
  expect(rounds[50]).toBeLessThanOrEqual(9);
  expect(
    share(
      equal.map(({ findings }) => verdictOf(findings)),
      'PASS',
    ),
  ).toBeGreaterThanOrEqual(0.97);
});

test.each<Change & { what: string }>([
  { what: 'all is 5% slower', slower: 1.05 },
  { what: 'a mutex takes a third of the capacity', slower: 1.5, kinds: ['saturation'] },
  { what: 'half of the connections are left', slower: 2, kinds: ['waiting'] },
  { what: 'each call opens a connection', slower: 3, kinds: ['connections'] },
  { what: 'the p99 is 20% higher', slower: 1.2, kinds: ['p99'] },
  { what: '1 KiB leaks per request', slower: 1.1, kinds: ['kept'] },
  { what: 'the memory is 10% higher', slower: 1.1, kinds: ['memory'] },
])('of 100 gates, at least 95 FAIL and none PASSes if $what', ({ what: _, ...change }) => {
  const verdicts = gates(100, change);
  expect(share(verdicts, 'FAIL')).toBeGreaterThanOrEqual(0.95);
  expect(share(verdicts, 'PASS')).toBe(0);
});

test('a required measure that increased by as much as must be visible passes in at most 1 of 50 gates', () => {
  for (const [kind, slower] of [
    ['saturation', 1.2],
    ['cpu', 1.1],
    ['memory', 1.1],
  ] as const)
    expect(share(gates(100, { slower, kinds: [kind], spread: 0.04 }), 'PASS'), kind).toBeLessThanOrEqual(0.02);
});

test('a drift is a regression since the release, although the last change is none', () => {
  const last = roundsOf(14, 1, { spread: 0.01 });
  const since = roundsOf(14, 2, { spread: 0.01, slower: 1.08, than: ['release'] });
  const rounds = last.map((round, nth) => ({
    ...round,
    measures: [...round.measures, ...(since[nth]?.measures ?? [])],
  }));
  const findings = compareBuilds(rounds);
  expect(failed(findings)).toContain('p50 of all endpoints, since the release');
  expect(failed(findings).every((check) => check.endsWith(', since the release'))).toBe(true);
});

test('a comparison that could not see that a required measure is higher proves nothing, and names what it saw', () => {
  const [measured, ...others] = compareBuilds(roundsOf(16, 1, { spread: 0.15 }));
  expect(measured).toMatchObject({ check: 'changes measured', verdict: 'INCONCLUSIVE' });
  expect(measured?.observed).toMatch(
    /p50 of all endpoints \(would have detected only a regression of \+\d+\.\d % or more\)/,
  );
  expect(others.map(({ check }) => check)).not.toContain('p50 of health');
});

test('each PASS names the smallest regression that it excludes', () => {
  const passed = compareBuilds(roundsOf(12, 1)).filter(({ check }) => check !== 'changes measured');
  expect(passed.length).toBeGreaterThan(10);
  for (const { observed } of passed)
    expect(observed).toMatch(/would have detected a regression of \+\S+ (% |KiB )?or more$/);
});

test('a difference that is certain but within the bound is not a regression', () => {
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 1.029, spread: 0, tails: 0 })))).toEqual([]);
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 1.031, spread: 0, tails: 0 })))).toContain('p50 of health');
});

test('a large regression is reported although its size is uncertain', () => {
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 2, spread: 0.1 })))).toContain('p50 of health');
});

test('a faster build passes', () => {
  expect(failed(compareBuilds(roundsOf(16, 1, { slower: 0.5 })))).toEqual([]);
});

test('a measure that is missing in a round is judged by the others, and not if these are too few', () => {
  const rounds = roundsOf(16, 1);
  rounds[3]?.measures.shift();
  expect(compareBuilds(rounds).map(({ check }) => check)).toContain('p50 of health');
  const few = compareBuilds(roundsOf(4, 1));
  expect(few).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(few[0]?.observed).toMatch(/p50 of health, .*p50 of search, [^()]*\(too few rounds: 4\)/);
  expect(compareBuilds([])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(isEnough([])).toBe(false);
});

test('a call that this build did not serve ends the comparison, because it is a FAIL', () => {
  const [round] = roundsOf(1, 1) as [BuildRound];
  expect(isEnough([round])).toBe(false);
  expect(isEnough([{ ...round, unserved: { own: 0, other: 1 } }])).toBe(false);
  expect(isEnough([{ ...round, unserved: { own: 1, other: 1 } }])).toBe(true);
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
  const findings = compareBuilds(withCpu(roundsOf(16, 1), 2, () => 500));
  expect(failed(findings)).toEqual([]);
  expect(findings[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(findings[0]?.observed).toContain(
    'CPU per request, memory after the calls (too few rounds in which all calls were served: 0)',
  );
});

test('the CPU is compared in the rounds in which all calls were served', () => {
  const findings = compareBuilds(withCpu(roundsOf(16, 1), 1.1, (nth) => (nth < 2 ? 1 : 0)));
  expect(failed(findings)).toEqual(['CPU per request']);
});

const without = (rounds: BuildRound[], kind: MeasureKind): BuildRound[] =>
  rounds.map((round) => ({ ...round, measures: round.measures.filter((measure) => measure.kind !== kind) }));

test('measures that no round has are named and counted, and the comparison does not claim to see them', () => {
  const rounds = without(without(roundsOf(16, 1), 'cpu'), 'half p99');
  const expected = [
    { kind: 'half p50', than: 'other' },
    { kind: 'half p99', than: 'other' },
    { kind: 'recovery', of: 'llm', than: 'other' },
  ] as const;
  const [measured, ...others] = compareBuilds(rounds, expected);
  expect(measured).toMatchObject({ verdict: 'PASS' });
  expect(measured?.observed).toMatch(
    new RegExp(`^${others.length} of 21;.* not measured: CPU per request, p99 at half .*, time to recover of llm(;|$)`),
  );
  expect(measured?.expected).not.toContain('CPU');
  expect(isEnough(rounds, expected)).toBe(true);
});

test('a comparison that has no p50 since the release proves nothing, and is not enough', () => {
  const rounds = roundsOf(16, 1);
  const expected = [{ kind: 'p50 of all', than: 'release' }] as const;
  expect(compareBuilds(rounds, expected)[0]).toMatchObject({
    verdict: 'INCONCLUSIVE',
    observed: expect.stringContaining('not measured: p50 of all endpoints, since the release'),
  });
  expect(isEnough(rounds, expected)).toBe(false);
});

test('a regression that is probable but not certain is named, and makes a comparison INCONCLUSIVE', () => {
  const rounds = roundsOf(16, 1).map(({ measures, ...round }, nth) => ({
    ...round,
    measures: measures.map((measure) =>
      measure.of === 'search' && measure.kind === 'p50' ? { ...measure, ratio: nth % 8 === 3 ? 0.98 : 1.1 } : measure,
    ),
  }));
  const [measured, ...others] = compareBuilds(rounds);
  expect(failed(others)).toEqual([]);
  expect(measured).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(measured?.observed).toContain('a regression is suspected, but not certain: p50 of search (+10.0 %)');
});

test('a comparison without calls at saturation proves nothing, and is not enough', () => {
  const rounds = without(roundsOf(16, 1), 'saturation');
  expect(compareBuilds(rounds)[0]).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(isEnough(rounds)).toBe(false);
});

test('measuring does not go on for a p99 that is too noisy, but for a value that may be a regression', () => {
  const rounds = without(roundsOf(9, 1, { spread: 0.002, tails: 0.01 }), 'p99');
  expect(isEnough(rounds)).toBe(true);
  const ratios = [1.13, 1.05, 0.99, 1.1, 1.12, 1.08, 1.2, 1.07, 1.15];
  const uncertain = rounds.map(({ measures, ...round }, nth) => ({
    ...round,
    measures: measures.map((measure) =>
      measure.of === 'search' && measure.kind === 'p50' ? { ...measure, ratio: ratios[nth] as number } : measure,
    ),
  }));
  expect(isEnough(uncertain)).toBe(false);
});

test('evidence in several measures adds up, and other measures hardly make it weaker', () => {
  const several = { slower: 1.08, spread: 0.01 };
  const roundsOfGate = (change: Change) => Array.from({ length: 20 }, (_, seed) => gate(seed, change).rounds);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(roundsOfGate(several))).toBeLessThan(mean(roundsOfGate({ ...several, kinds: ['cpu'] })) - 1);
});
