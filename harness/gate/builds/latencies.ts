import { mean } from '../../base/mean.ts';
import { median } from '../../base/median.ts';
import { BASELINES, type Builds, type Measure, type Side } from '../build-round.ts';
import type { MeasureKind } from '../measures.ts';
import type { Pairs } from './call-pairs.ts';
import { at } from './start-build.ts';

/** A p99 of fewer calls would be that of a single one. */
const ENOUGH_FOR_P99 = 100;
/** The p99 is the mean of this share of the slowest calls, on logarithms. It varies less than the 99th percentile. */
const SLOWEST = 0.02;

/** Returns the p50 of an endpoint, and its p99 if there are enough pairs. */
export function latenciesOf(endpoint: string, all: Pairs['pairs']): Measure[] {
  return BASELINES.flatMap((than) => {
    const pairs = all.filter((pair) => pair.endpoint === endpoint && pair.ms.has('own') && pair.ms.has(than));
    const durations = (side: Side) => pairs.map(({ ms }) => at(ms, side));
    const [own, other] = [durations('own'), durations(than)];
    const p50 = pairOf(
      'p50',
      endpoint,
      than,
      new Map([
        ['own', own],
        [than, other],
      ]),
    );
    if (pairs.length < ENOUGH_FOR_P99) return p50;
    const tails = { own: tailOf(own), other: tailOf(other) };
    return [...p50, { kind: 'p99' as const, of: endpoint, than, ...tails, ratio: tails.own / tails.other }];
  });
}

/**
 * Returns the median of values that were measured in pairs. Its ratio is that of the pairs: their median, or another
 * center. `centerOf` has less noise, but takes long for hundreds of pairs.
 */
export function pairOf(
  kind: MeasureKind,
  of: string | undefined,
  than: Measure['than'],
  values: Builds<readonly number[]>,
  center: (logs: readonly number[]) => number = median,
): Measure[] {
  const [own, other] = [values.get('own') ?? [], values.get(than) ?? []];
  if (own.length === 0 || other.length === 0) return [];
  const logs = own.map((value, index) => Math.log(value / (other[index] as number)));
  const measure = { kind, than, own: median(own), other: median(other), ratio: Math.exp(center(logs)) };
  return [of === undefined ? measure : { ...measure, of }];
}

/** Returns the mean of the slowest calls, on logarithms: see `SLOWEST`. */
export function tailOf(durations: readonly number[]): number {
  const slowest = durations.toSorted((a, b) => b - a).slice(0, Math.max(1, Math.round(durations.length * SLOWEST)));
  return Math.exp(mean(slowest.map(Math.log)));
}
