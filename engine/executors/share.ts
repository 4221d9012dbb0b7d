/**
 * One instance's part of a test's VUs, iterations and arrivals. Each of these is numbered from 0, and a repeating
 * pattern assigns each number to one instance. Together, the instances therefore do exactly the same work as a single
 * instance. See `executionSegment` in k6's documentation. The pattern is the striping used by k6's
 * `ExecutionSegmentSequence`.
 */
export class Share {
  readonly #weights: readonly number[];
  readonly #index: number;
  /** The share that this one divides. The pattern applies to the numbers within it. */
  readonly #whole: Share | undefined;
  /** The length of the pattern. */
  readonly #period: number;
  /** This instance's numbers in the first period, in ascending order. */
  readonly #own: readonly number[];
  readonly #isOwn: ReadonlySet<number>;

  /** The share of a test that runs on a single instance. */
  static readonly WHOLE = new Share([1], 0);

  /**
   * @param weights The relative shares of all instances, as whole numbers.
   * @param index The index of this instance.
   * @param whole The share to divide. Defaults to the whole test.
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

  /** Returns how many of the numbers from 0 to `total - 1` belong to this instance. */
  scale(total: number): number {
    return this.#scale(this.#whole ? this.#whole.scale(total) : total, this.#own);
  }

  /** Returns one of several equal parts of this share, for one of the instance's threads. */
  part(index: number, parts: number): Share {
    return new Share(Array<number>(parts).fill(1), index, this);
  }

  /** Converts this instance's n-th number to the corresponding number in the whole test. Both count from 0. */
  numberOf(nth: number): number {
    const number = this.#numberWithin(nth);
    return this.#whole ? this.#whole.numberOf(number) : number;
  }

  /** Converts a number within this share to that within the instance. They differ only for a thread's part. */
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

  /**
   * Returns this instance's share of work that is divided in proportion to VUs.
   *
   * @param vus The total number of VUs. The share is empty if this instance has none of them.
   */
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

/** Assigns each number in the pattern to the largest share that is not ahead of its quota. */
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

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
