/** Round widths, in seconds. */
const WIDTHS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];
/** The most bins that can be told apart on a wide screen. */
const MOST = 120;

/** Equal intervals in which the events of a history are counted. */
export class Bins {
  /** Seconds. */
  readonly width: number;
  /** The start of each bin, in seconds. */
  readonly starts: number[];

  /** @param seconds The whole duration. */
  constructor(seconds: number) {
    this.width = WIDTHS.find((width) => seconds / width <= MOST) ?? seconds / MOST;
    const count = Math.max(1, Math.floor(seconds / this.width + 1e-9) + 1);
    this.starts = Array.from({ length: count }, (_, index) => Number((index * this.width).toFixed(3)));
  }

  /** The middle of each bin: a line is drawn through it, so that the nearest point to a cursor is that of its bin. */
  get middles(): number[] {
    return this.starts.map((start) => Number((start + this.width / 2).toFixed(4)));
  }

  get end(): number {
    return Number(((this.starts.at(-1) ?? 0) + this.width).toFixed(3));
  }

  /** Counts the moments (in seconds) in each bin. */
  count(moments: readonly number[]): number[] {
    const counts = this.starts.map(() => 0);
    for (const moment of moments) counts[this.indexOf(moment)] = (counts[this.indexOf(moment)] ?? 0) + 1;
    return counts;
  }

  indexOf(moment: number): number {
    return Math.min(Math.max(0, Math.floor(moment / this.width + 1e-9)), this.starts.length - 1);
  }

  /** Such as "100 ms" or "2 s". */
  get label(): string {
    return this.width < 1 ? `${Math.round(this.width * 1_000)} ms` : `${Number(this.width.toFixed(1))} s`;
  }
}
