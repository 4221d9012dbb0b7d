import { context, promised } from './context.ts';
import { nextClockWindow, pauseUntil } from './wait.ts';

/** Added to the latest time at which a window could have ended, in milliseconds. */
const MARGIN_MS = 50;

/**
 * Waits until a window that ends by the given time is over. If windows follow the clock, waits for the next one to
 * begin.
 */
export function nextWindow(windowMs: number, endsBefore: number): Promise<void> {
  const fresh = endsBefore <= Date.now();
  if (context.limiter.window !== 'clock') return pauseUntil(fresh ? 0 : endsBefore + MARGIN_MS);
  return pauseUntil(nextClockWindow(windowMs) + MARGIN_MS);
}

/** Number of milliseconds after which a clock-aligned window has begun, or another one has ended, in every process. */
export const BEGUN_MS = 20;

/** Waits until a clock-aligned window has just begun. Other windows begin with a request. */
export async function awaitClockWindow(windowMs: number): Promise<void> {
  if (context.limiter.window === 'clock') await pauseUntil(nextClockWindow(windowMs) + BEGUN_MS);
}

/** Whether a burst that began right after `nextWindow` and took this many milliseconds ended before its window. */
export const fitsInto = (windowMs: number, tookMs: number): boolean => tookMs + MARGIN_MS < windowMs;

/** Whether limits are buckets of tokens, which have no windows. */
export const IS_BUCKET = context.limiter.window === 'token-bucket';

/** Skips the scenario if limits have no windows. */
export function needWindows(): void {
  promised(IS_BUCKET ? undefined : true, 'window of a limit: limiter.window is token-bucket');
}
