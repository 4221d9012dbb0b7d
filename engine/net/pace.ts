/** Spaces requests evenly for the option `rps`: a limit per second over all VUs. */
export class Pace {
  #next = 0;

  /**
   * @param perSecond 0 for no limit.
   * @returns Resolves when the next request may be sent; undefined if that is now.
   */
  wait(perSecond: number): Promise<void> | undefined {
    if (perSecond <= 0) return undefined;
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + 1_000 / perSecond;
    return at <= now ? undefined : new Promise((resolve) => setTimeout(resolve, at - now));
  }
}
