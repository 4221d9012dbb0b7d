import { goDuration } from './go-duration.ts';
import type { QuotaLedger } from './quota-ledger.ts';

/**
 * Returns the `x-ratelimit-*` headers: the requests of the day, the tokens of the minute, and resets in Go's format,
 * rounded to milliseconds. `retry-after`, in whole seconds, is present only with a `waitMs`
 * (console.groq.com/docs/rate-limits).
 */
export function rateLimitHeaders(
  { requests, tokens }: ReturnType<QuotaLedger['standing']>,
  waitMs?: number,
): Record<string, string> {
  return {
    ...(waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) }),
    'x-ratelimit-limit-requests': String(requests.limit),
    'x-ratelimit-limit-tokens': String(tokens.limit),
    'x-ratelimit-remaining-requests': String(requests.remaining),
    'x-ratelimit-remaining-tokens': String(tokens.remaining),
    'x-ratelimit-reset-requests': goDuration(Math.floor(requests.resetMs)),
    'x-ratelimit-reset-tokens': goDuration(Math.floor(tokens.resetMs)),
  };
}
