/**
 * The part of a test's VUs, iterations and arrivals that one instance has. All of them are numbered from 0, and each number is
 * one instance's, by a pattern that repeats: so instances together do exactly what one does (k6's documentation of
 * `executionSegment`; the pattern is the striping of k6's `ExecutionSegmentSequence`).
 */
export class Share {
  readonly #weights: readonly number[];
  readonly #index: number;
  /** What this one is a part of: the numbers of the pattern count that one's own. */
  readonly #whole: Share | undefined;
  /** After so many numbers the pattern begins anew. */
  readonly #period: number;
  /** The numbers of the first period that are this instance's, ascending. */
  readonly #own: readonly number[];
  readonly #isOwn: ReadonlySet<number>;

  /** A test that one instance runs. */
  static readonly WHOLE = new Share([1], 0);

  /**
   * @param weights What each instance has, in proportion: whole numbers.
   * @param index Which of them this one is.
   * @param whole What they share out; the whole test by default.
   */
  constructor(weights: readonly number[], index: number, whole?: Share) {
    const divisor = weights.reduce(greatestCommonDivisor, 0) || 1;
    this.#weights = weights.map((weight) => weight / divisor);
    this.#index = index;
    this.#whole = whole;
    this.#period = this.#weights.reduce((sum, weight) => sum + weight, 0);
    this.#own = ownNumbers(this.#weights, index, this.#period);
    this.#isOwn = new Set(this.#own);
  }

  /** How many of the numbers below this one are this instance's. */
  scale(total: number): number {
    return this.#scale(this.#whole ? this.#whole.scale(total) : total, this.#own);
  }

  /** One of several equal parts of this share: what a thread of the instance has. */
  part(index: number, parts: number): Share {
    return new Share(Array<number>(parts).fill(1), index, this);
  }

  /** The number in the whole test of what is the n-th of this instance, both from 0. */
  numberOf(nth: number): number {
    const number = this.#numberWithin(nth);
    return this.#whole ? this.#whole.numberOf(number) : number;
  }

  /** The same number among all that are the instance's: itself, unless this is a part of what that has. */
  numberInInstance(nth: number): number {
    return this.#whole ? this.#numberWithin(nth) : nth;
  }

  #numberWithin(nth: number): number {
    const { length } = this.#own;
    return Math.floor(nth / length) * this.#period + (this.#own[nth % length] ?? 0);
  }

  has(number: number): boolean {
    if (!this.#whole) return this.#isOwn.has(number % this.#period);
    return this.#whole.has(number) && this.#isOwn.has(this.#whole.scale(number) % this.#period);
  }

  /** A share of what VUs are needed for, where there are so many of them: as large as the share of VUs, and none without one. */
  ofWorkFor(vus: number): Share {
    const total = this.#whole ? this.#whole.scale(vus) : vus;
    const weights = this.#weights.map((_, index) => this.#scale(total, ownNumbers(this.#weights, index, this.#period)));
    return new Share(weights, this.#index, this.#whole?.ofWorkFor(vus));
  }

  #scale(total: number, own: readonly number[]): number {
    const rest = total % this.#period;
    const after = own.findIndex((number) => number >= rest);
    return Math.floor(total / this.#period) * own.length + (after < 0 ? own.length : after);
  }
}

/** Each number goes to the largest share that is not ahead of its due. */
function ownNumbers(weights: readonly number[], index: number, period: number): number[] {
  const shares = weights
    .map((weight, number) => ({ weight, number, taken: 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const own: number[] = [];
  for (let number = 0; number < period; number += 1) {
    const next = shares.find(({ weight, taken }) => number * weight >= taken * period);
    if (!next) continue;
    next.taken += 1;
    if (next.number === index) own.push(number);
  }
  return own;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
