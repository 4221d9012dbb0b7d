/** Spaces requests evenly to implement the `rps` option, which limits the requests per second of all VUs together. */
export class Pace {
  #next = 0;

  /**
   * @param perSecond Maximum number of requests per second. Use 0 to disable the limit.
   * @returns A promise that resolves when the next request may be sent, or undefined if it may be sent immediately.
   */
  wait(perSecond: number): Promise<void> | undefined {
    if (perSecond <= 0) return undefined;
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + 1_000 / perSecond;
    return at <= now ? undefined : new Promise((resolve) => setTimeout(resolve, at - now));
  }
}
