import { vi } from 'vitest';
import { HANG_MS } from './limits.ts';

/** How often to look, in milliseconds. */
const EVERY_MS = 20;

/**
 * Waits until an assertion holds, for as long as it may take on the busiest machine. Use it, or `expect.poll`, instead of
 * `vi.waitFor`, which gives up after a second.
 *
 * @param everyMs The time between two looks, if it matters.
 * @returns What the assertion returned.
 */
export const eventually = <Result>(
  assertion: () => Result | Promise<Result>,
  everyMs: number = EVERY_MS,
): Promise<Result> => vi.waitFor(assertion, { timeout: HANG_MS, interval: everyMs });
