import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';

/**
 * How much two calls must overlap to be in progress at the same time, in milliseconds. A client may end a call and
 * begin the next one before the upstream has seen the end of the first.
 */
export const OVERLAP_MS = 50;

const endOf = ({ endedAt }: RequestReceipt): number => endedAt ?? Number.POSITIVE_INFINITY;

/**
 * Returns the maximum number of requests that were in progress at an upstream at the same time.
 *
 * @param overlapMs How much they must overlap. Defaults to `OVERLAP_MS`.
 */
export function mostAtOnce(receipts: readonly RequestReceipt[], overlapMs: number = OVERLAP_MS): number {
  const inProgress = ({ at }: RequestReceipt) =>
    receipts.filter((other) => other.at <= at && endOf(other) - overlapMs > at).length;
  return Math.max(0, ...receipts.map(inProgress));
}

/**
 * Returns how many callers had no answer at a time (in milliseconds since the epoch) although no request at the
 * upstream was in progress for them.
 */
export function waitingAt(time: number, calls: readonly RequestSample[], receipts: readonly RequestReceipt[]): number {
  const unanswered = calls.filter((call) => call.at <= time && answered(call) > time).length;
  const inProgress = receipts.filter((receipt) => receipt.at <= time && endOf(receipt) > time).length;
  return Math.max(0, unanswered - inProgress);
}

/**
 * Returns the likely cause if calls that were made at once did not reach an upstream at once: some waited while the first
 * one was in progress there. Otherwise undefined.
 */
export function whyNotAtOnce(
  calls: readonly RequestSample[],
  receipts: readonly RequestReceipt[],
  upstream: string,
): string | undefined {
  const [first] = receipts.toSorted((a, b) => a.at - b.at);
  if (first?.endedAt == null) return undefined;
  const waiting = waitingAt((first.at + first.endedAt) / 2, calls, receipts);
  const most = mostAtOnce(receipts);
  if (waiting === 0 || most >= calls.length) return undefined;
  return (
    `Calls wait for each other: ${calls.length} were made at once, but no more than ${most} at a time reached ${upstream}, ` +
    `and ${waiting} had to wait for the first one to end. A lock, a queue, or a client with too few connections is the reason.`
  );
}
