import type { RequestSample } from '../../history/events.ts';

// Math.min(...times) overflows the stack with the requests of a soak.
const least = (times: number[]): number => times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
const most = (times: number[]): number => times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);

/** Returns when a request was answered, in milliseconds since the epoch. */
export const answered = ({ at, ms }: RequestSample): number => at + ms;

/** Returns when the first request was sent, in milliseconds since the epoch; +∞ if there are none. */
export const firstSent = (of: readonly RequestSample[]): number => least(of.map(({ at }) => at));
/** Returns when the last request was sent; -∞ if there are none. */
export const lastSent = (of: readonly RequestSample[]): number => most(of.map(({ at }) => at));
/** Returns when the first request was answered; +∞ if there are none. */
export const firstAnswered = (of: readonly RequestSample[]): number => least(of.map(answered));
/** Returns when the last request was answered; -∞ if there are none. */
export const lastAnswered = (of: readonly RequestSample[]): number => most(of.map(answered));

/**
 * Returns the seconds from one moment to a later one, at least 0: the clocks of two processes may differ (CLOCKS_MS).
 */
export const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000;
