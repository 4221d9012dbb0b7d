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
  function windowsOf(request: RequestSample) {
    const [first, last] = [request.at - TOLERANCE_MS, answered(request) + TOLERANCE_MS];
    return { first: Math.floor(first / lengthMs), last: Math.floor(last / lengthMs) };
  }
  const inWindow = (window: number, isCounted: (request: RequestSample) => boolean, isSure: boolean): RequestSample[] =>
    requests.filter((request) => {
      const { first, last } = windowsOf(request);
      const isIn = isSure ? first === window && last === window : first <= window && window <= last;
      return isIn && isCounted(request);
    });
  /** Returns the share of the previous window at a time, which is at least the beginning of a window. */
  const shareAt = (time: number, window: number) => 1 - Math.min(1, Math.max(0, time / lengthMs - window));
  const rooms = (request: RequestSample, roomOf: (window: number) => number) => {
    const { first, last } = windowsOf(request);
    return Array.from({ length: last - first + 1 }, (_, index) => roomOf(first + index));
  };
  return {
    most: (request) =>
      Math.max(
        ...rooms(request, (window) => {
          const previous = inWindow(window - 1, admitted, true).length;
          // Of the requests that were answered before that time, one was counted last.
          const counted = inWindow(window, admitted, true).filter(
            (other) => other !== request && answered(other) <= answered(request),
          );
          return max - Math.floor(previous * shareAt(answered(request) + TOLERANCE_MS, window) + counted.length);
        }),
      ),
    least: (request) =>
      Math.min(
        ...rooms(request, (window) => {
          const mayCount = ({ status }: RequestSample) => status !== 429;
          const previous = inWindow(window - 1, mayCount, false).length;
          const counted = inWindow(window, mayCount, false).filter(({ at }) => at <= answered(request));
          return max - (previous * shareAt(request.at - TOLERANCE_MS, window) + counted.length);
        }),
      ),
  };
}
