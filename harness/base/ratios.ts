import { median } from './median.ts';

/** The ratio of after to before, as an estimate with its confidence interval. */
export interface Ratio {
  estimate: number;
  low: number;
  high: number;
}

/**
 * Estimates a ratio from the ratios of paired runs, with a rank-based confidence interval (the Hodges–Lehmann estimate
 * and the interval of Wilcoxon's signed-rank test, on logarithms). It assumes that the logarithms are symmetric about
 * the true one, as they are if both sides of a pair are exchangeable when nothing changed. It makes no other assumption
 * about the noise. Ties and pairs without a difference make the interval wider than necessary.
 *
 * @param ratios One for each pair of runs.
 * @param tail The probability (0 to 0.5) that the whole interval is above the true value. The same applies to below.
 * @returns undefined if there are too few pairs for this confidence, or if a ratio is not positive.
 */
export function ratioOfPairs(ratios: readonly number[], tail: number): Ratio | undefined {
  if (!ratios.every((ratio) => ratio > 0)) return undefined;
  const logs = ratios.map(Math.log);
  const means = meansOfPairs(logs).sort((a, b) => a - b);
  const beyond = rankBeyond(signings(ratios.length), tail);
  const [low, high] = [means[beyond], means[means.length - 1 - beyond]];
  if (beyond < 0 || low === undefined || high === undefined || low > high) return undefined;
  return { estimate: Math.exp(median(means)), low: Math.exp(low), high: Math.exp(high) };
}

const meansOfPairs = (values: readonly number[]): number[] =>
  values.flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2));

/** Returns the center of a symmetric distribution: the median of the means of every two values (Hodges–Lehmann). */
export const centerOf = (values: readonly number[]): number => median(meansOfPairs(values));

/**
 * Returns the largest u with P(U ≤ u) ≤ tail. Returns -1 if there is none.
 *
 * @param counts How many equally probable cases there are for each U from 0.
 */
function rankBeyond(counts: readonly number[], tail: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const first = counts.findIndex((count) => {
    sum += count;
    return sum / all > tail;
  });
  return first - 1;
}

/** Returns the number of ways to give the ranks 1 to n signs, for each sum of the positive ranks from 0: ∏ (1 + qⁱ). */
function signings(n: number): number[] {
  const counts = new Array<number>((n * (n + 1)) / 2 + 1).fill(0);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank += 1) {
    for (let sum = counts.length - 1; sum >= rank; sum -= 1) {
      counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
    }
  }
  return counts;
}
