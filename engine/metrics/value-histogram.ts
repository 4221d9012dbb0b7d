/** Fraction bits that distinguish buckets. Values in the same one differ by less than 2⁻¹⁰. */
const FRACTION_BITS = 10;
const PAGE = 2 ** FRACTION_BITS;
/** Number of possible combinations of a double's sign and exponent. */
const PAGES = 2 ** 12;
const NEGATIVE = PAGES / 2;

/** Fill the array in advance: lookups in an array with holes use hashing, which would double the time per value. */
const noPages = () => Array<Page | undefined>(PAGES).fill(undefined);

/** The buckets for one power of two. */
export interface Page {
  readonly number: number;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Index of the 32-bit word that holds the sign and exponent. It depends on the machine's byte order. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Counts positive and negative values in buckets whose width is proportional to their size. The value at a rank is
 * accurate to within 0.1%, or exact if all values in its bucket are equal. The histogram takes 16 KiB for each power of
 * two that occurs, regardless of the number of values. Node's own histogram only accepts integers within fixed bounds,
 * which does not suit custom metrics.
 */
export class ValueHistogram {
  #pages = noPages();

  add(value: number): void {
    double[0] = value;
    const key = (words[HIGH] as number) >>> (20 - FRACTION_BITS);
    const number = key >>> FRACTION_BITS;
    const index = key & (PAGE - 1);
    let page = this.#pages[number];
    if (!page) {
      page = { number, counts: new Float64Array(PAGE), sums: new Float64Array(PAGE) };
      this.#pages[number] = page;
    }
    page.counts[index] = (page.counts[index] as number) + 1;
    page.sums[index] = (page.sums[index] as number) + value;
  }

  /** Returns all counts and resets the histogram. */
  takePages(): Page[] {
    const taken = this.#pages.filter((page) => page !== undefined);
    this.#pages = noPages();
    return taken;
  }

  /** Adds the counts from another histogram's page. */
  mergePage(page: Page): void {
    const own = this.#pages[page.number];
    if (!own) {
      this.#pages[page.number] = page;
      return;
    }
    for (let index = 0; index < PAGE; index += 1) {
      own.counts[index] = (own.counts[index] as number) + (page.counts[index] as number);
      own.sums[index] = (own.sums[index] as number) + (page.sums[index] as number);
    }
  }

  /**
   * Returns the values at the given ranks.
   *
   * @param ranks Zero-based ranks in ascending order.
   */
  valuesAt(ranks: readonly number[]): number[] {
    const found: number[] = [];
    let passed = 0;
    for (const [count, mean] of this.#inOrder()) {
      passed += count;
      while (found.length < ranks.length && (ranks[found.length] as number) < passed) found.push(mean);
      if (found.length === ranks.length) break;
    }
    return found;
  }

  /** Yields the count and mean of each non-empty bucket in ascending order. */
  *#inOrder(): Generator<readonly [count: number, mean: number]> {
    for (let number = PAGES - 1; number >= NEGATIVE; number -= 1) yield* bucketsOf(this.#pages[number], PAGE - 1, -1);
    for (let number = 0; number < NEGATIVE; number += 1) yield* bucketsOf(this.#pages[number], 0, 1);
  }
}

function* bucketsOf(page: Page | undefined, from: number, step: 1 | -1) {
  if (!page) return;
  for (let index = from; index >= 0 && index < PAGE; index += step) {
    const count = page.counts[index] as number;
    if (count > 0) yield [count, (page.sums[index] as number) / count] as const;
  }
}
