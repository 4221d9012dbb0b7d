import { TIMEOUT } from '../net/network-error.ts';

/**
 * How a stream ended: `whole`; `closed` by the script; `silent`, without its final event; `cut` with its connection;
 * `stalled`, without data for too long; by `timeout`; or `refused`, without ever being a stream.
 */
export type Ended = 'whole' | 'closed' | 'silent' | 'cut' | 'stalled' | 'timeout' | 'refused';

export const isGoodEnd = (ended: Ended): boolean => ended === 'whole' || ended === 'closed';

/**
 * Determines how a stream ended.
 *
 * @param seen.isDone Whether the final event arrived; undefined if none is expected.
 * @param seen.errorCode k6's `error_code` of the request.
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
