/** Widths in seconds that read well. */
const WIDTHS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];
/** As many as can be told apart on a wide screen. */
const MOST = 120;

/** Equal pieces of time that a history is counted in. */
export class Bins {
  /** Seconds. */
  readonly width: number;
  /** Where each begins, in seconds. */
  readonly starts: number[];

  /** @param seconds How long the whole is. */
  constructor(seconds: number) {
    this.width = WIDTHS.find((width) => seconds / width <= MOST) ?? seconds / MOST;
    const count = Math.max(1, Math.floor(seconds / this.width + 1e-9) + 1);
    this.starts = Array.from({ length: count }, (_, index) => Number((index * this.width).toFixed(3)));
  }

  /** The middle of each, where it is drawn: what is nearest to a cursor is then what the cursor is in. */
  get middles(): number[] {
    return this.starts.map((start) => Number((start + this.width / 2).toFixed(4)));
  }

  get end(): number {
    return Number(((this.starts.at(-1) ?? 0) + this.width).toFixed(3));
  }

  /** How many of the moments (in seconds) fall into each bin. */
  count(moments: readonly number[]): number[] {
    const counts = this.starts.map(() => 0);
    for (const moment of moments) counts[this.indexOf(moment)] = (counts[this.indexOf(moment)] ?? 0) + 1;
    return counts;
  }

  indexOf(moment: number): number {
    return Math.min(Math.max(0, Math.floor(moment / this.width + 1e-9)), this.starts.length - 1);
  }

  /** "100 ms", "2 s". */
  get label(): string {
    return this.width < 1 ? `${Math.round(this.width * 1_000)} ms` : `${Number(this.width.toFixed(1))} s`;
  }
}
