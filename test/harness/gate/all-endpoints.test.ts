import { expect, test } from 'vitest';
import { measuresOf } from '../../../harness/gate/all-endpoints.ts';
import type { BuildRound, Measure } from '../../../harness/gate/build-round.ts';

type Ratios = Readonly<Record<string, readonly number[]>>;

/** Rounds with the p50 of each endpoint: the ratios of this build to the other one. */
function roundsOf(ratios: Ratios): BuildRound[] {
  const n = Math.max(...Object.values(ratios).map(({ length }) => length));
  return Array.from({ length: n }, (_, nth) => ({
    measures: Object.entries(ratios).flatMap(([of, { [nth]: ratio }]): Measure[] =>
      ratio === undefined ? [] : [{ kind: 'p50', of, than: 'other', other: 2, own: 2 * ratio, ratio }],
    ),
    calls: 100,
    unserved: { own: 0, other: 0 },
  }));
}

const ofAll = (ratios: Ratios): number[] =>
  measuresOf(roundsOf(ratios))
    .flat()
    .filter(({ kind }) => kind === 'p50 of all')
    .map(({ ratio }) => ratio);

const WILD = [1.5, 0.9, 0.6, 1.3];
const STEADY = [1.01, 1, 0.99, 1];
/** The first two rounds show nothing about the noise. */
const FIRST = 2;

test('an endpoint counts the less, the more its ratio differs between rounds', () => {
  for (const [nth, ratio] of ofAll({ list: STEADY, docs: WILD }).entries()) {
    if (nth >= FIRST) expect(Math.abs(ratio - (STEADY[nth] as number))).toBeLessThan(0.002);
  }
});

test('an endpoint that is slower in all rounds still counts', () => {
  const [first = 0] = ofAll({ list: STEADY, chat: STEADY.map((value) => value * 1.1) });
  expect(first).toBeGreaterThan(1.04);
});

test('in each round, it makes no difference which build is which', () => {
  const turned = (values: readonly number[]) => values.map((value, nth) => (nth % 2 === 0 ? 1 / value : value));
  const all = ofAll({ list: STEADY, chat: [1.1, 1.02, 0.97, 1], docs: WILD });
  const back = ofAll({ list: turned(STEADY), chat: turned([1.1, 1.02, 0.97, 1]), docs: turned(WILD) });
  expect(turned(back)).toEqual(all.map((value) => expect.closeTo(value, 10)));
});

test('later rounds do not change what was measured before', () => {
  const later = { list: [...STEADY, 1.4], docs: [...WILD, 1] };
  expect(ofAll(later).slice(0, STEADY.length)).toEqual(ofAll({ list: STEADY, docs: WILD }));
});

test('with a single endpoint there is one p50', () => {
  expect(measuresOf(roundsOf({ chat: [1.1, 1.2] })).flat()).toMatchObject([
    { kind: 'p50 of all', ratio: expect.closeTo(1.1) },
    { kind: 'p50 of all', ratio: expect.closeTo(1.2) },
  ]);
});
