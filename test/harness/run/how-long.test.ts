import { expect, test } from 'vitest';
import { about } from '../../../harness/base/in-words.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { findScenarios } from '../../../harness/contract/scenario-names.ts';
import { inStartOrder, labsWorth, limitMs, secondsOf } from '../../../harness/run/how-long.ts';
import { atOnce, loadScenario, type Scenario } from '../../../harness/run/scenario.ts';
import type { Timings } from '../../../harness/run/timings.ts';
import reference from '../../../service/proofload.config.ts';
import gateway from '../../defects/upstreams/gateway.ts';

const scenario = (name: string, seconds: number, kind: Partial<Scenario['proof']> = {}): Scenario =>
  ({
    name,
    script: { name: name.replace('llm-', '').replace('memory-', '') },
    proof: { seconds, ...kind },
  }) as Scenario;

const NEVER: Timings = { seconds: {}, stretch: 1, overhead: 0 };
const took = (scenario: string, seconds: number): Timings => ({
  seconds: { [scenario]: seconds },
  stretch: 1,
  overhead: 0,
});

test('a scenario is expected to take as long as the last time, or otherwise as long as it says', () => {
  expect(secondsOf(scenario('chaos/a', 5), NEVER)).toBe(5);
  expect(secondsOf(scenario('chaos/a', 5), { ...NEVER, overhead: 2 })).toBe(7);
  expect(secondsOf(scenario('chaos/a', 5), took('chaos/a', 9))).toBe(9);
});

test('the longest scenarios start first, and those that run alone last', () => {
  const scenarios = [scenario('a', 5), scenario('b', 20, { alone: true }), scenario('c', 9), scenario('d', 5)];
  const names = (width: number, before = NEVER) => inStartOrder(scenarios, before, width).map(({ name }) => name);
  expect(names(2)).toEqual(['c', 'a', 'd', 'b']);
  expect(names(2, took('d', 10))).toEqual(['d', 'c', 'a', 'b']);
  expect(names(1, took('d', 10))).toEqual(['a', 'c', 'd', 'b']);
});

test('runs with mutants start first if their checks depend on times', () => {
  const mutated = (name: string, seconds: number, isTimed: boolean) =>
    ({ ...scenario(name, seconds), mutation: { seconds, isTimed } }) as Scenario;
  const scenarios = [mutated('a', 9, false), mutated('b', 3, true), mutated('c', 5, true)];
  expect(inStartOrder(scenarios, NEVER, 2).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});

test('of runs with mutants, as few may be concurrent as they or their scenarios allow', () => {
  const most = (kind: Partial<Scenario['proof']>) => atOnce({ proof: kind, mutation: { atOnce: 2 } }, 4);
  expect([{}, { comparesTimes: true }, { alone: true }].map(most)).toEqual([2, 2, 1]);
});

test('another lab is worth starting for each 12 seconds of scenarios', () => {
  const scenarios = [scenario('chaos/a', 20), scenario('chaos/b', 29)];
  expect([labsWorth([], NEVER), labsWorth(scenarios, NEVER)]).toEqual([0, 4]);
  expect(labsWorth(scenarios, took('chaos/a', 46))).toBe(6);
});

test('scenarios of one script that take equally long start one after the other', () => {
  const names = ['llm-benefit', 'llm-isolation', 'memory-benefit', 'memory-isolation'];
  const scenarios = names.map((name) => scenario(name, 5, { comparesTimes: true }));
  const ordered = inStartOrder(scenarios, NEVER, 2, 2).map(({ name }) => name);
  expect(ordered).toEqual(['llm-benefit', 'memory-benefit', 'llm-isolation', 'memory-isolation']);
});

test('scenarios that compare times come before those that run alone, and one for each processor at once', () => {
  const kinds = [{ alone: true }, { comparesTimes: true }, {}];
  const scenarios = kinds.map((kind, index) => scenario(`${index}`, 5, kind));
  expect(scenarios.map((judged) => atOnce(judged, 4))).toEqual([1, 4, Number.POSITIVE_INFINITY]);
  expect(inStartOrder(scenarios, NEVER, 3, 4).map(({ name }) => name)).toEqual(['2', '1', '0']);
});

test('a script may take as long as callers wait for calls that never end', async () => {
  const contract = contractSchema.parse(gateway);
  for (const name of ['chaos/fault-answers', 'chaos/retry-amplification', 'chaos/streams']) {
    const loaded = (await loadScenario(name, contract, 'fast')) as Scenario;
    const { proof } = loaded;
    expect(proof.patienceSeconds, name).toBeGreaterThan(10 * proof.seconds);
    const without = limitMs({ ...loaded, proof: { ...proof, patienceSeconds: 0 } });
    expect(limitMs(loaded)).toBe(without + 1_000 * proof.patienceSeconds);
  }
});

test('seconds as people say them', () => {
  expect([9.6, 99.4, 100, 121].map(about)).toEqual(['about 10 s', 'about 99 s', 'about 2 min', 'about 3 min']);
});

test("each scenario's own estimate depends on the numbers that it waits for", async () => {
  const contract = contractSchema.parse(reference);
  const names = await findScenarios(['stress', 'chaos', 'load'], Object.keys(contract.breakers));
  const expected = async (profile: string) => {
    const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, profile)));
    return new Map(loaded.flatMap((entry) => ('proof' in entry ? [[entry.name, entry.proof.seconds]] : [])));
  };
  const [fast, production] = await Promise.all([expected('fast'), expected('production')]);
  const grown = names.filter((name) => (production.get(name) ?? 0) >= (fast.get(name) ?? 0) + 50);
  // Windows and recovery timeouts are 60 s instead of 2 s, so each scenario that waits for one takes about a minute
  // longer.
  expect(grown).not.toContain('stress/smoke');
  const waiting = [
    'stress/header-truth',
    'stress/identity',
    'stress/limit-costs',
    'stress/rate-limits',
    'stress/replicas',
    'stress/window-boundary',
    'chaos/both-outages',
    'chaos/count-429',
    'chaos/ignore-429',
    'chaos/late-results',
    'chaos/llm-breaker-benefit',
    'chaos/llm-failure-policy',
    'chaos/llm-isolation',
    'chaos/llm-outage',
    'chaos/memory-breaker-benefit',
    'chaos/memory-failure-policy',
    'chaos/memory-isolation',
    'chaos/memory-outage',
    'chaos/slow-upstream',
  ];
  expect(waiting.filter((name) => !grown.includes(name))).toEqual([]);
});
