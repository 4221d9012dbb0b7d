import { expect, test } from 'vitest';
import type { Pair } from '../../../../harness/gate/builds/call-pairs.ts';
import { latenciesOfAll } from '../../../../harness/gate/builds/measure-round.ts';

/** One pair for each endpoint, with the ratio of this build to the other one. */
const pairsOf = (ratios: Readonly<Record<string, number>>): Pair[] =>
  Object.entries(ratios).map(([endpoint, ratio]) => ({ endpoint, other: 2, own: 2 * ratio }));

const ratioOfAll = (ratios: Readonly<Record<string, number>>): number | undefined =>
  latenciesOfAll(Object.keys(ratios), pairsOf(ratios)).find(({ of }) => of === undefined)?.ratio;

test('the p50 of all endpoints is that of the typical one, whatever a single one does', () => {
  expect(ratioOfAll({ chat: 1.05, list: 1.04, docs: 3 })).toBeCloseTo(1.05, 10);
  expect(ratioOfAll({ chat: 1.05, list: 1.04, docs: 0.3 })).toBeCloseTo(1.04, 10);
});

test('it makes no difference which build is which', () => {
  const ratios = { chat: 1.2, list: 0.9, docs: 1.1, health: 1.5 };
  const turned = Object.fromEntries(Object.entries(ratios).map(([name, ratio]) => [name, 1 / ratio]));
  expect((ratioOfAll(ratios) ?? 0) * (ratioOfAll(turned) ?? 0)).toBeCloseTo(1, 10);
});

test('with a single endpoint there is one p50', () => {
  expect(latenciesOfAll(['chat'], pairsOf({ chat: 1.1 }))).toMatchObject([{ kind: 'p50', ratio: 1.1 }]);
});
