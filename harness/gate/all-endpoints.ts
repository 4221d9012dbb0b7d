import { mean } from '../base/mean.ts';
import type { BuildRound, Measure } from './build-round.ts';

/**
 * The minimum variance of an endpoint's ratios: no ratio is more precise than 0.3%. Without this minimum, an endpoint
 * whose ratios are all equal would get all the weight.
 */
const LEAST = 0.003 ** 2;

/** The measures of each endpoint. */
const KINDS = ['p50', 'p99'] as const;

/**
 * Returns all measures of all rounds, and in addition the p50 and p99 of all endpoints together. If there is only one
 * endpoint, these replace its own.
 */
export function measuresOf(rounds: readonly BuildRound[]): Measure[] {
  const measures = rounds.flatMap((round) => round.measures);
  const isOne = new Set(measures.filter(({ kind }) => kind === 'p50').map(({ of }) => of)).size === 1;
  const others = measures.filter(({ kind }) => !(isOne && KINDS.some((known) => known === kind)));
  return [...KINDS.flatMap((kind) => together(kind, rounds)), ...others];
}

/**
 * Returns the p50 or p99 of all endpoints, one for each round: the mean of the endpoints' ratios, on logarithms and
 * weighted by how little each endpoint's ratio varies between rounds. This mean has the least noise of all means.
 *
 * The weights depend only on how far the ratios are from 1, in either direction, and not on which build is slower. So
 * both builds remain exchangeable in each round if they are equal, and the test of the ratios remains exact.
 */
function together(kind: (typeof KINDS)[number], rounds: readonly BuildRound[]): Measure[] {
  const ofRounds = rounds.map(({ measures }) => measures.filter((measure) => measure.kind === kind));
  const weights = new Map([...Map.groupBy(ofRounds.flat(), ({ of }) => of)].map(([of, all]) => [of, weightOf(all)]));
  return ofRounds.flatMap((measures): Measure[] => {
    const weighted = (figureOf: (measure: Measure) => number) =>
      measures.reduce((sum, measure) => sum + figureOf(measure) * (weights.get(measure.of) ?? 0), 0);
    const all = weighted(() => 1);
    const meanOf = (key: 'own' | 'other' | 'ratio') => Math.exp(weighted((measure) => Math.log(measure[key])) / all);
    return all === 0 ? [] : [{ kind, own: meanOf('own'), other: meanOf('other'), ratio: meanOf('ratio') }];
  });
}

/**
 * Returns the reciprocal of the variance, or 0 if it is unknown. That of absolute values does not depend on which build is
 * which.
 */
function weightOf(measures: readonly Measure[]): number {
  if (measures.length < 2) return 0;
  const sizes = measures.map(({ ratio }) => Math.abs(Math.log(ratio)));
  const middle = mean(sizes);
  return 1 / (LEAST + mean(sizes.map((size) => (size - middle) ** 2)));
}
