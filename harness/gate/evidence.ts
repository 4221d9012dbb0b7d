/**
 * The sizes of changes to bet on, as logarithms of ratios: from 0.2% to 65%. The average loses little to the best of
 * them, which isn't known.
 */
const SIZES = [0.002, 0.008, 0.032, 0.128, 0.5];

/**
 * Returns the evidence that the center of logarithms of ratios is greater than `log`, as an e-value. It is 1 without
 * any, and at most 1 on average if the center is `log`, whenever measuring stops: the probability that it ever reaches
 * n is at most 1/n (Ville's inequality).
 *
 * It is the product of bets on the sign of each difference, which is fair if both signs are equally probable for each
 * size: 2 / (1 + exp(−2x/size)) is 1 on average for +x and −x. It makes no other assumption about the noise. No bet more
 * than doubles, so n rounds give at most 2ⁿ.
 */
export function evidenceAbove(logs: readonly number[], log: number): number {
  let sum = 0;
  for (const size of SIZES) {
    let product = 1;
    for (const own of logs) product *= 2 / (1 + Math.exp((-2 * (own - log)) / size));
    sum += product;
  }
  return sum / SIZES.length;
}

/** Returns the evidence that the center is less than `log`. */
export const evidenceBelow = (logs: readonly number[], log: number): number =>
  evidenceAbove(
    logs.map((value) => -value),
    -log,
  );

/**
 * Returns the smallest center that the evidence does not exclude: above it, `evidenceAbove` is less than `enough`.
 * -Infinity if there are too few logarithms.
 */
export function lowerBound(logs: readonly number[], enough: number): number {
  // All bets are won below it, if any can be.
  let low = Math.min(...logs) - 4 * Math.max(...SIZES);
  let high = Math.max(...logs);
  if (logs.length === 0 || evidenceAbove(logs, low) < enough) return Number.NEGATIVE_INFINITY;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (evidenceAbove(logs, middle) < enough) high = middle;
    else low = middle;
  }
  return low;
}

/** Returns the greatest center that the evidence does not exclude. Infinity if there are too few logarithms. */
export const upperBound = (logs: readonly number[], enough: number): number =>
  -lowerBound(
    logs.map((log) => -log),
    enough,
  );
