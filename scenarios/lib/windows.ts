import { context, promised } from './context.ts';
import { nextClockWindow, pauseUntil } from './wait.ts';

/** Whether windows follow the clock. */
const IS_ALIGNED = context.limiter.window === 'clock' || context.limiter.window === 'weighted';

/** Added to the latest time at which a window could have ended, in milliseconds. */
const MARGIN_MS = 50;

/**
 * Waits until a window that ends by the given time is over. If windows follow the clock, waits for the next one to
 * begin.
 */
export function nextWindow(windowMs: number, endsBefore: number): Promise<void> {
  const fresh = endsBefore <= Date.now();
  if (!IS_ALIGNED) return pauseUntil(fresh ? 0 : endsBefore + MARGIN_MS);
  return pauseUntil(nextClockWindow(windowMs) + MARGIN_MS);
}

/** Number of milliseconds after which a clock-aligned window has begun, or another one has ended, in every process. */
export const BEGUN_MS = 20;

/** Waits until a clock-aligned window has just begun. Other windows begin with a request. */
export async function awaitClockWindow(windowMs: number): Promise<void> {
  if (IS_ALIGNED) await pauseUntil(nextClockWindow(windowMs) + BEGUN_MS);
}

/** If windows follow the clock, waits for the next one unless this one lasts for long enough. */
export async function awaitRoom(windowMs: number, neededMs: number): Promise<void> {
  const next = nextClockWindow(windowMs);
  if (IS_ALIGNED && next - Date.now() < neededMs + BURST_MS) await pauseUntil(next + BEGUN_MS);
}

/** How much longer than needed a window must last, because a burst takes a while. */
const BURST_MS = 2_000;

/** Whether a burst that began right after `nextWindow` and took this many milliseconds ended before its window. */
export const fitsInto = (windowMs: number, tookMs: number): boolean => tookMs + MARGIN_MS < windowMs;

/** Whether limits free their requests one by one instead of all at the end of a window. */
export const IS_GRADUAL = context.limiter.window === 'token-bucket' || context.limiter.window === 'weighted';

/** Skips the scenario if limits don't free all requests at the end of a window. */
export function needWindows(): void {
  promised(
    IS_GRADUAL ? undefined : true,
    `window at whose end a limit begins anew: limiter.window is ${context.limiter.window}`,
  );
}
