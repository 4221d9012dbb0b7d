import { median } from '../base/median.ts';

/** How many times as large something has become: the estimate, and the interval that holds the truth. */
export interface Ratio {
  estimate: number;
  low: number;
  high: number;
}

/**
 * By which factor `after` differs from `before`, with a confidence interval from ranks alone (Hodges–Lehmann estimate and
 * Moses' interval, on logarithms): it assumes that runs are exchangeable where nothing changed, and no shape of their noise.
 *
 * @param tail Probability (0 to 0.5) with which the interval may lie wholly above the truth, and the same for below.
 * @returns Undefined where there are too few runs for an interval of that confidence, or a value is not positive.
 */
export function ratioOf(before: readonly number[], after: readonly number[], tail: number): Ratio | undefined {
  if (![...before, ...after].every((value) => value > 0)) return undefined;
  const ratios = after.flatMap((now) => before.map((then) => now / then)).sort((a, b) => a - b);
  const beyond = rankBeyond(before.length, after.length, tail);
  const [low, high] = [ratios[beyond], ratios[ratios.length - 1 - beyond]];
  if (beyond < 0 || low === undefined || high === undefined || low > high) return undefined;
  return { estimate: Math.exp(median(ratios.map(Math.log))), low, high };
}

/** The largest u with P(U ≤ u) ≤ tail, for Mann and Whitney's U of two samples of one population; -1 where there is none. */
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

/** How many orders of two samples have each U, from 0 to n·m: the coefficients of Gauss' binomial ∏ (1 − qᵐ⁺ⁱ) / (1 − qⁱ). */
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
