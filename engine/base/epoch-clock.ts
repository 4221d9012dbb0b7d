/** What a clock is made of: whole milliseconds since the epoch, and milliseconds with fractions since some moment. */
export interface ClockSource {
  wall: () => number;
  steady: () => number;
}

/**
 * Milliseconds since the epoch, with fractions. The system's clock is slewed, so that a process that adds what has passed to the
 * time of its start soon differs from one that was started later, by a millisecond in ten seconds: the fraction is a process's
 * own, the millisecond is the system's, and so the same for all.
 */
export function epochClock({ wall, steady }: ClockSource): () => number {
  let offset = wall() - steady();
  return () => {
    const millisecond = wall();
    const ahead = steady() + offset - millisecond;
    if (ahead < 0) offset -= ahead;
    else if (ahead >= 1) offset -= ahead - 0.999;
    return steady() + offset;
  };
}

export const epochNow = epochClock({ wall: Date.now, steady: () => performance.now() });

/** Milliseconds since the epoch by the monotonic clock, anchored at the process's start: no step of the wall clock moves it. */
export const steadyNow = (): number => performance.timeOrigin + performance.now();
