import type { Standing } from '../../llm/quota-ledger.ts';
import { goDuration } from './go-duration.ts';

/** Returns the `x-ratelimit-*` headers. Resets are Go durations, rounded down to milliseconds. */
export const rateLimitHeaders = (requests: Standing, tokens: Standing): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(requests.limit),
  'x-ratelimit-limit-tokens': String(tokens.limit),
  'x-ratelimit-remaining-requests': String(requests.remaining),
  'x-ratelimit-remaining-tokens': String(tokens.remaining),
  'x-ratelimit-reset-requests': goDuration(Math.floor(requests.resetMs)),
  'x-ratelimit-reset-tokens': goDuration(Math.floor(tokens.resetMs)),
});
