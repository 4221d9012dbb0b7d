/** The bits of a value's fraction that tell buckets apart: two values of one bucket differ by less than 2⁻¹⁰ of them. */
const FRACTION_BITS = 10;
const PAGE = 2 ** FRACTION_BITS;
/** Sign and exponent of a double. */
const PAGES = 2 ** 12;
const NEGATIVE = PAGES / 2;

/** With room for all: an array with holes is looked up by hashes, which takes as long as all else that is done with a value. */
const noPages = () => Array<Page | undefined>(PAGES).fill(undefined);

/** The buckets of one power of two. */
export interface Page {
  readonly number: number;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Where the word with sign and exponent is depends on the machine. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Counts values in buckets as wide as their size asks for, of either sign: what it tells of a rank is within 0.1 % of the
 * value there, and exact where all values of its bucket are one. It takes 16 KiB for each power of two that occurs, whatever the
 * number of values. A histogram of whole numbers between two bounds, as Node has one, fits no metric of a script's own.
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

  /** Hands over all that was counted, and starts anew. */
  takePages(): Page[] {
    const taken = this.#pages.filter((page) => page !== undefined);
    this.#pages = noPages();
    return taken;
  }

  /** Adds what another histogram has counted. */
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
   * The values at some ranks.
   *
   * @param ranks From 0, ascending.
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

  /** Buckets with values in them: how many there are, and their mean, ascending. */
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
