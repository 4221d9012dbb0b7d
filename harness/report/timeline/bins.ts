/** Possible widths in seconds. They are round numbers. */
const WIDTHS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];
/** Maximum number of bins that can be distinguished on a wide screen. */
const MOST = 120;

/** Equal time intervals in which a history's events are counted. */
export class Bins {
  /** A bin's width, in seconds. */
  readonly width: number;
  /** When each bin starts, in seconds. */
  readonly starts: number[];

  /** @param seconds The total duration. */
  constructor(seconds: number) {
    this.width = WIDTHS.find((width) => seconds / width <= MOST) ?? seconds / MOST;
    const count = Math.max(1, Math.floor(seconds / this.width + 1e-9) + 1);
    this.starts = Array.from({ length: count }, (_, index) => Number((index * this.width).toFixed(3)));
  }

  /**
   * The midpoint of each bin. Lines are drawn through it, so that the point nearest to a cursor belongs to the bin
   * under the cursor.
   */
  get middles(): number[] {
    return this.starts.map((start) => Number((start + this.width / 2).toFixed(4)));
  }

  get end(): number {
    return Number(((this.starts.at(-1) ?? 0) + this.width).toFixed(3));
  }

  /** Counts how many of the given times (in seconds) are in each bin. */
  count(moments: readonly number[]): number[] {
    const counts = this.starts.map(() => 0);
    for (const moment of moments) counts[this.indexOf(moment)] = (counts[this.indexOf(moment)] ?? 0) + 1;
    return counts;
  }

  indexOf(moment: number): number {
    return Math.min(Math.max(0, Math.floor(moment / this.width + 1e-9)), this.starts.length - 1);
  }

  /** The width as text, for example "100 ms" or "2 s". */
  get label(): string {
    return this.width < 1 ? `${Math.round(this.width * 1_000)} ms` : `${Number(this.width.toFixed(1))} s`;
  }
}
