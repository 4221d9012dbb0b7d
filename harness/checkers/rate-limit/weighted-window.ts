import type { RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';
import { type Room, TOLERANCE_MS } from './judge-answers.ts';
import { admitted } from './rate-limit-windows.ts';

/**
 * Returns the room that a weighted window leaves. Windows begin at multiples of their length since the epoch. Refused
 * requests don't count. Limiters may round the share of the previous window down, or not.
 */
export function roomIn({ max, lengthMs }: { max: number; lengthMs: number }, requests: readonly RequestSample[]): Room {
  /** The windows in which a request may have been counted, the first and the last one. */
  function windowsOf(one: RequestSample) {
    const [first, last] = [one.at - TOLERANCE_MS, answered(one) + TOLERANCE_MS];
    return { first: Math.floor(first / lengthMs), last: Math.floor(last / lengthMs) };
  }
  const inWindow = (window: number, isCounted: (one: RequestSample) => boolean, isSure: boolean): RequestSample[] =>
    requests.filter((one) => {
      const { first, last } = windowsOf(one);
      const isIn = isSure ? first === window && last === window : first <= window && window <= last;
      return isIn && isCounted(one);
    });
  /** Returns the share of the previous window at a time, which is at least the beginning of a window. */
  const shareAt = (time: number, window: number) => 1 - Math.min(1, Math.max(0, time / lengthMs - window));
  const rooms = (one: RequestSample, roomOf: (window: number) => number) => {
    const { first, last } = windowsOf(one);
    return Array.from({ length: last - first + 1 }, (_, index) => roomOf(first + index));
  };
  return {
    most: (one) =>
      Math.max(
        ...rooms(one, (window) => {
          const previous = inWindow(window - 1, admitted, true).length;
          // Of the requests that were answered before that time, one was counted last.
          const counted = inWindow(window, admitted, true).filter(
            (other) => other !== one && answered(other) <= answered(one),
          );
          return max - Math.floor(previous * shareAt(answered(one) + TOLERANCE_MS, window) + counted.length);
        }),
      ),
    least: (one) =>
      Math.min(
        ...rooms(one, (window) => {
          const mayCount = ({ status }: RequestSample) => status !== 429;
          const previous = inWindow(window - 1, mayCount, false).length;
          const counted = inWindow(window, mayCount, false).filter(({ at }) => at <= answered(one));
          return max - (previous * shareAt(one.at - TOLERANCE_MS, window) + counted.length);
        }),
      ),
  };
}
