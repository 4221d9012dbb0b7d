/** The sources of a clock: whole milliseconds since the epoch, and fractional ones since any point in time. */
export interface ClockSource {
  wall: () => number;
  steady: () => number;
}

/**
 * Returns a clock for fractional milliseconds since the epoch. The operating system slews its clock, so processes that
 * add elapsed time to their start time drift apart by about 1 ms in 10 s. This clock takes the whole milliseconds from
 * the system clock, which all processes share, and only the fraction from the process's own clock.
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
