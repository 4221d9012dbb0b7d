/**
 * The calls that open a breaker: some successes, followed by exactly this number of failures. One failure fewer leaves
 * it closed.
 */
export interface Opening {
  /** Number of calls that are served first. They fill the window, so that the failures reach the rate exactly. */
  successes: number;
  failures: number;
  /** Number of simultaneous failures that open a settled breaker even while two other calls are in flight. */
  beside: number;
  /**
   * Number of failures that open it if the window contains no other calls (the minimum, or the number that it counts).
   * Absent if it counts consecutive failures.
   */
  alone?: number;
  /** Whether it counts the failures in a time window, so that a success between them changes nothing. */
  isCount?: true;
  /** Seconds after which a call leaves the window. Absent if it is not a time window. */
  windowSeconds?: number;
}

/**
 * Whether timeouts can be seen to open a breaker. If a timeout takes more than half of a time window, the calls that
 * time out together may have left the window before they count.
 */
export const mayOpenByTimeouts = ({ windowSeconds }: Opening, callTimeoutSeconds: number): boolean =>
  windowSeconds === undefined || callTimeoutSeconds <= windowSeconds / 2;

/** When a breaker opens, based on the failure rate in a window. `opens.ts` describes the fields. */
interface Rated {
  rate: number;
  window: { calls: number } | { seconds: number };
  minimum: number;
  boundary: 'at' | 'above';
}

/** When a breaker opens, based on the number of failures in a time window. */
interface Counted {
  failures: number;
  window: { seconds: number };
}

/** Returns the calls that open a breaker with these numbers. */
export function openingOf({
  threshold,
  opens,
}: {
  threshold?: number | undefined;
  opens?: Rated | Counted | undefined;
}): Opening {
  if (opens) return 'failures' in opens ? openingByNumber(opens) : openingByRate(opens);
  if (threshold === undefined) throw new Error('a breaker has a threshold or a rate');
  return { successes: 0, failures: threshold, beside: threshold };
}

/** Returns the calls that open a breaker by the number of failures. A success comes first, so that it is in the window. */
const openingByNumber = ({ failures, window }: Counted): Opening => ({
  successes: 1,
  failures,
  beside: failures,
  alone: failures,
  isCount: true,
  windowSeconds: window.seconds,
});

/** Returns the calls that open a breaker by its rate, in either a full call window or an empty time window. */
export function openingByRate(opens: Rated): Opening {
  const { window, minimum, rate } = opens;
  const isOver = (failures: number, calls: number) =>
    opens.boundary === 'at' ? failures / calls >= rate : failures / calls > rate;
  const firstOver = (callsOf: (failures: number) => number) => {
    let failures = 1;
    while (!isOver(failures, callsOf(failures))) failures += 1;
    return failures;
  };
  if ('calls' in window) {
    const failures = firstOver(() => window.calls);
    return { successes: window.calls, failures, beside: failures, alone: minimum };
  }
  // Some libraries count a call when it begins. A breaker that does so never opens at a rate of 1.
  const beside =
    rate === 1
      ? minimum
      : Math.max(
          minimum,
          firstOver((failed) => failed + 2),
        );
  const timed = { alone: minimum, windowSeconds: window.seconds, beside };
  // Any success keeps the rate below 1.
  if (rate === 1) return { successes: 0, failures: minimum, ...timed };
  let successes = 1;
  let failures = firstOver((failed) => failed + successes);
  // The rate is decisive only if the minimum was reached one failure earlier.
  while (failures < 2 || successes + failures - 1 < minimum) {
    successes += 1;
    failures = firstOver((failed) => failed + successes);
  }
  return { successes, failures, ...timed };
}
