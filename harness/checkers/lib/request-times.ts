import type { RequestSample } from '../../history/events.ts';

// Math.min(...times) would overflow the stack with the number of requests in a soak test.
const least = (times: number[]): number => times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (times: number[]): number => times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Returns when a request got its response, in milliseconds since the epoch. */
export const answered = ({ at, ms }: RequestSample): number => at + ms;

/** Whether two requests were in progress at the same time. */
export const overlap = (a: RequestSample, b: RequestSample): boolean => a.at <= answered(b) && b.at <= answered(a);

/**
 * Returns a request as if it had been sent when it was due, if it has the tag `due`. Its duration then includes the
 * time by which it was sent late, so that nothing that delayed it is left out.
 */
export function fromDue(request: RequestSample): RequestSample {
  const at = Math.min(request.at, Number(request.tags.due ?? request.at));
  return { ...request, at, ms: answered(request) - at };
}

/** Returns when the first request was sent, in milliseconds since the epoch, or +∞ if there are none. */
export const firstSent = (of: readonly RequestSample[]): number => least(of.map(({ at }) => at));
/** Returns when the last request was sent, or -∞ if there are none. */
export const lastSent = (of: readonly RequestSample[]): number => most(of.map(({ at }) => at));
/** Returns when the first response arrived, or +∞ if there are none. */
export const firstAnswered = (of: readonly RequestSample[]): number => least(of.map(answered));
/** Returns when the last response arrived, or -∞ if there are none. */
export const lastAnswered = (of: readonly RequestSample[]): number => most(of.map(answered));

/**
 * Returns the number of seconds between two times. It is never negative, even though the clocks of two processes may
 * differ (see CLOCKS_MS).
 */
export const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000;
