import type { Standing } from '../llm/quota-ledger.ts';

/**
 * Returns the `anthropic-ratelimit-*` headers for requests, input tokens, output tokens and all tokens per minute.
 * Resets are RFC 3339 timestamps in whole seconds, rounded up.
 */
export function rateLimitHeaders(standing: Record<string, Standing>, now: number): Record<string, string> {
  const { rpm, itpm, otpm } = standing as Record<'rpm' | 'itpm' | 'otpm', Standing>;
  const all = {
    limit: itpm.limit + otpm.limit,
    remaining: itpm.remaining + otpm.remaining,
    resetMs: Math.max(itpm.resetMs, otpm.resetMs),
  };
  const headers: Record<string, string> = {};
  for (const [name, { limit, remaining, resetMs }] of [
    ['requests', rpm],
    ['input-tokens', itpm],
    ['output-tokens', otpm],
    ['tokens', all],
  ] as const) {
    headers[`anthropic-ratelimit-${name}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${name}-remaining`] = String(remaining);
    headers[`anthropic-ratelimit-${name}-reset`] = timestamp(now + resetMs);
  }
  return headers;
}

const timestamp = (at: number): string => new Date(Math.ceil(at / 1000) * 1000).toISOString().replace(/\.000Z$/, 'Z');
