import { GoError } from '../base/errors.ts';
import type { Exchange } from '../net/exchange.ts';
import type { NetworkError } from '../net/network-error.ts';
import { NO_HEAD } from '../net/response-head.ts';
import { NO_TIMINGS } from '../net/timings.ts';
import { formatRequestHead } from './request-head.ts';

/** Formats a request head, or returns why it can't be sent. It then counts as failed (golden record 37). */
export function headOrRefusal(parts: Parameters<typeof formatRequestHead>[0]): string | NetworkError {
  if (parts.target.refusal) return parts.target.refusal;
  try {
    return formatRequestHead(parts);
  } catch (error) {
    if (error instanceof GoError) return { message: error.message, code: 1000 };
    throw error;
  }
}

/** The result for a request that was not sent. */
export const notSent = (error: NetworkError): Exchange => ({
  head: NO_HEAD,
  body: Buffer.alloc(0),
  timings: NO_TIMINGS,
  opened: false,
  ended: performance.now(),
  error,
});
