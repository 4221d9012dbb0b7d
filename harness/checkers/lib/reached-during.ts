import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { answered } from './request-times.ts';
import { CLOCKS_MS } from './tolerances.ts';

/**
 * Returns the requests that reached an upstream during any of the calls. Requests of other calls at the same time are
 * among them. Use `receiptsIn` if the script has phases.
 */
export const reachedDuring = (history: History, upstream: string, calls: readonly RequestSample[]): RequestReceipt[] =>
  history
    .receipts('request', upstream)
    .filter(({ at }) => calls.some((call) => at >= call.at - CLOCKS_MS && at <= answered(call)));
