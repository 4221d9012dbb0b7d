/** How many gaps and repetitions are listed. */
const LISTED = 3;

/** Checks that the iterations of each VU of an instance are numbered without gaps and repetitions. */
export class IterationNumbers {
  readonly #last = new Map<string, number>();
  readonly #problems: string[] = [];
  #found = 0;
  /** The number of iterations so far. */
  count = 0;
  /** Whether a number came again, so that samples may be there twice. */
  isRepeated = false;

  add(vu: string, number: number): void {
    const last = this.#last.get(vu) ?? 0;
    this.count += 1;
    if (number > last) this.#last.set(vu, number);
    if (number === last + 1) return;
    this.#found += 1;
    if (number <= last) this.isRepeated = true;
    if (this.#found > LISTED) return;
    this.#problems.push(
      number <= last
        ? `VU ${vu} has its iteration ${number} again, after ${last}`
        : `VU ${vu} lacks ${last + 2 === number ? `its iteration ${number - 1}` : `its iterations ${last + 1} to ${number - 1}`}`,
    );
  }

  get problems(): string[] {
    const more = this.#found - this.#problems.length;
    return more > 0 ? [...this.#problems, `and ${more} more gaps or repetitions of iterations`] : this.#problems;
  }
}
