import type { RequestSample } from '../../history/events.ts';

// A soak has so many requests that handing them to Math.min one by one overflows the stack.
const least = (times: number[]): number => times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
const most = (times: number[]): number => times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);

/** When a request was answered, milliseconds since the epoch. */
export const answered = ({ at, ms }: RequestSample): number => at + ms;

/** When the first of requests was sent, milliseconds since the epoch; where there are none, later than anything. */
export const firstSent = (of: readonly RequestSample[]): number => least(of.map(({ at }) => at));
/** When the last of them was sent; where there are none, earlier than anything. */
export const lastSent = (of: readonly RequestSample[]): number => most(of.map(({ at }) => at));
/** When the first of them was answered; where there are none, later than anything. */
export const firstAnswered = (of: readonly RequestSample[]): number => least(of.map(answered));
/** When the last of them was answered; where there are none, earlier than anything. */
export const lastAnswered = (of: readonly RequestSample[]): number => most(of.map(answered));

/**
 * Seconds from one moment to a later one. Each may be by another process's clock, and these may differ (CLOCKS_MS): what seems to
 * be earlier was at the same time.
 */
export const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000;
