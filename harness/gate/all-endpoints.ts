import { mean } from '../base/mean.ts';
import { BASELINES, type BuildRound, type Measure } from './build-round.ts';

/**
 * The minimum variance of an endpoint's ratios: no ratio is more precise than 0.3%. Without this minimum, an endpoint
 * whose ratios are all equal would get all the weight.
 */
const LEAST = 0.003 ** 2;

/** The measures of each endpoint, and those of all endpoints together. */
const TOGETHER = { p50: 'p50 of all', p99: 'p99 of all' } as const;

const KINDS = ['p50', 'p99'] as const;

/**
 * Returns the measures of each round, and in addition the p50 and p99 of all endpoints together. If there is only one
 * endpoint, these replace its own.
 */
export function measuresOf(rounds: readonly BuildRound[]): Measure[][] {
  const all = rounds.flatMap((round) => round.measures);
  const isSingle = new Set(all.filter(({ kind }) => kind === 'p50').map(({ of }) => of)).size === 1;
  const isReplaced = ({ kind }: Measure) => isSingle && KINDS.some((known) => known === kind);
  return rounds.map(({ measures }, nth) => [
    ...BASELINES.flatMap((than) => KINDS.flatMap((kind) => together({ kind, than }, rounds.slice(0, nth + 1)))),
    ...measures.filter((measure) => !isReplaced(measure)),
  ]);
}

/**
 * Returns the p50 or p99 of all endpoints in the last round: the mean of the endpoints' ratios, on logarithms and
 * weighted by how little each endpoint's ratio varies between rounds. This mean has the least noise of all means.
 *
 * The weights depend only on the rounds so far, and on how far their ratios are from 1, in either direction, but not on
 * which build is slower. So all builds remain exchangeable in each round if they are equal, and later rounds change
 * nothing.
 */
function together(
  { kind, than }: { kind: 'p50' | 'p99'; than: Measure['than'] },
  rounds: readonly BuildRound[],
): Measure[] {
  const ofRounds = rounds.map(({ measures }) =>
    measures.filter((measure) => measure.kind === kind && measure.than === than),
  );
  const weights = new Map([...Map.groupBy(ofRounds.flat(), ({ of }) => of)].map(([of, all]) => [of, weightOf(all)]));
  const last = ofRounds.at(-1) ?? [];
  if (last.length === 0) return [];
  const weighted = (figureOf: (measure: Measure) => number) =>
    last.reduce((sum, measure) => sum + figureOf(measure) * (weights.get(measure.of) ?? 0), 0);
  const meanOf = (key: 'own' | 'other' | 'ratio') =>
    Math.exp(weighted((measure) => Math.log(measure[key])) / weighted(() => 1));
  return [{ kind: TOGETHER[kind], than, own: meanOf('own'), other: meanOf('other'), ratio: meanOf('ratio') }];
}

/**
 * Returns the reciprocal of the variance of the distances from 1, which does not depend on which build is which. Two
 * rounds are too few for it.
 */
function weightOf(measures: readonly Measure[]): number {
  if (measures.length < 3) return 1;
  const sizes = measures.map(({ ratio }) => Math.abs(Math.log(ratio)));
  const middle = mean(sizes);
  return 1 / (LEAST + mean(sizes.map((size) => (size - middle) ** 2)));
}
