import { TIMEOUT } from '../net/network-error.ts';

/**
 * How a stream ended: `whole`; `closed` by the script; `silent`, without the event that says that it is whole; `cut` with its
 * connection; `stalled`, nothing having come for too long; by its `timeout`; or it was `refused`, and never was one.
 */
export type Ended = 'whole' | 'closed' | 'silent' | 'cut' | 'stalled' | 'timeout' | 'refused';

export const isGoodEnd = (ended: Ended): boolean => ended === 'whole' || ended === 'closed';

/**
 * Says how a stream ended.
 *
 * @param seen.isDone Whether the event came that says that it is whole; undefined where none is expected.
 * @param seen.errorCode k6's `error_code` of its request.
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
