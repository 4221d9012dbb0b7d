import { median } from './median.ts';

/** The ratio of after to before, as an estimate with its confidence interval. */
export interface Ratio {
  estimate: number;
  low: number;
  high: number;
}

/**
 * Estimates the ratio of `after` to `before` with a rank-based confidence interval (the Hodges–Lehmann estimate and
 * Moses' interval, on logarithms). It assumes that runs are exchangeable if nothing changed, but makes no assumption
 * about the distribution of the noise.
 *
 * @param tail The probability (0 to 0.5) that the whole interval is above the true value. The same applies to below.
 * @returns undefined if there are too few runs for this confidence, or if a value is not positive.
 */
export function ratioOf(before: readonly number[], after: readonly number[], tail: number): Ratio | undefined {
  if (![...before, ...after].every((value) => value > 0)) return undefined;
  const ratios = after.flatMap((now) => before.map((then) => now / then)).sort((a, b) => a - b);
  const beyond = rankBeyond(arrangements(before.length, after.length), tail);
  const [low, high] = [ratios[beyond], ratios[ratios.length - 1 - beyond]];
  if (beyond < 0 || low === undefined || high === undefined || low > high) return undefined;
  return { estimate: Math.exp(median(ratios.map(Math.log))), low, high };
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
  const means = logs.flatMap((one, index) => logs.slice(index).map((other) => (one + other) / 2)).sort((a, b) => a - b);
  const beyond = rankBeyond(signings(ratios.length), tail);
  const [low, high] = [means[beyond], means[means.length - 1 - beyond]];
  if (beyond < 0 || low === undefined || high === undefined || low > high) return undefined;
  return { estimate: Math.exp(median(means)), low: Math.exp(low), high: Math.exp(high) };
}

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

/**
 * Returns the number of orderings of two samples for each U from 0 to n·m: the coefficients of the Gaussian binomial ∏
 * (1 − qᵐ⁺ⁱ) / (1 − qⁱ).
 */
function arrangements(n: number, m: number): number[] {
  const counts = new Array<number>(n * m + 1).fill(0);
  counts[0] = 1;
  const at = (u: number): number => counts[u] ?? 0;
  for (let i = 1; i <= n; i += 1) {
    for (let u = counts.length - 1; u >= m + i; u -= 1) counts[u] = at(u) - at(u - m - i);
    for (let u = i; u < counts.length; u += 1) counts[u] = at(u) + at(u - i);
  }
  return counts;
}
