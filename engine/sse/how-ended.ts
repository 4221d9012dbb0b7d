import { TIMEOUT } from '../net/network-error.ts';

/**
 * How a stream ended: completely (`whole`), `closed` by the script, without its final event (`silent`), because the
 * connection broke (`cut`), after too long without data (`stalled`), by `timeout`, or without ever becoming a stream
 * (`refused`).
 */
export type Ended = 'whole' | 'closed' | 'silent' | 'cut' | 'stalled' | 'timeout' | 'refused';

export const isGoodEnd = (ended: Ended): boolean => ended === 'whole' || ended === 'closed';

/**
 * Determines how a stream ended.
 *
 * @param seen.isDone Whether the final event arrived, or undefined if none is expected.
 * @param seen.errorCode The request's `error_code` in k6.
 */
export function howEnded(seen: {
  readonly isClosed: boolean;
  readonly isDone: boolean | undefined;
  readonly isStalled: boolean;
  readonly isStream: boolean;
  readonly errorCode: number;
}): Ended {
  if (seen.isClosed) return 'closed';
  if (seen.isDone) return 'whole';
  if (seen.isStalled) return 'stalled';
  if (seen.errorCode === TIMEOUT.code) return 'timeout';
  if (!seen.isStream) return 'refused';
  if (seen.errorCode !== 0) return 'cut';
  return seen.isDone === undefined ? 'whole' : 'silent';
}
