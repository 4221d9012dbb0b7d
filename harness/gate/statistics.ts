import { median } from '../base/median.ts';

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
  const beyond = rankBeyond(before.length, after.length, tail);
  const [low, high] = [ratios[beyond], ratios[ratios.length - 1 - beyond]];
  if (beyond < 0 || low === undefined || high === undefined || low > high) return undefined;
  return { estimate: Math.exp(median(ratios.map(Math.log))), low, high };
}

/**
 * Returns the largest u with P(U ≤ u) ≤ tail, where U is the Mann–Whitney statistic of two samples from the same
 * population. Returns -1 if there is none.
 */
function rankBeyond(n: number, m: number, tail: number): number {
  const counts = arrangements(n, m);
  const all = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const first = counts.findIndex((count) => {
    sum += count;
    return sum / all > tail;
  });
  return first - 1;
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
