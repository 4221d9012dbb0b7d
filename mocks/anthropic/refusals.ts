import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';
import type { QuotaRefusal } from '../llm/quota-ledger.ts';

/** An Anthropic error, without the request ID. */
export interface Refused {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** The value of `retry-after` in seconds. By default, the header is not sent. */
  readonly retryAfter?: number;
  /**
   * The value of `x-should-retry`. By default, it depends on whether the status suggests that a later request could
   * succeed.
   */
  readonly shouldRetry?: boolean;
}

/**
 * Returns an error response in Anthropic's format:
 * `{"type":"error","error":{"details","type","message"},"request_id"}`.
 */
export function errorResponse({ status, type, message, retryAfter, shouldRetry }: Refused, id: string): Response {
  const isTransient = status >= 500 || [408, 409, 429].includes(status);
  const headers: Record<string, string> = { 'x-should-retry': String(shouldRetry ?? isTransient) };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  const error = { details: null, type, message };
  return HttpResponse.json({ type: 'error', error, request_id: `req_${id}` }, { status, headers });
}

// From platform.claude.com/docs/en/api/errors. For other statuses, the message is the name of the status.
const KNOWN: Readonly<Record<number, readonly [type: string, message: string]>> = {
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'There is an issue with your billing or payment information.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'Not Found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'Number of requests has exceeded your rate limit.'],
  500: ['api_error', 'Internal server error'],
  504: ['timeout_error', 'Request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};

const refuse = (status: number, type: string, message: string): Refused => ({ status, type, message });

/** Anthropic's errors. */
export const refusals = {
  /** Returns the error for a status from 400 to 599. */
  status(status: number): Refused {
    const fallback = status < 500 ? 'invalid_request_error' : 'api_error';
    const [type, message] = KNOWN[status] ?? [fallback, STATUS_CODES[status] ?? `Status ${status}`];
    return refuse(status, type, message);
  },
  noKey: () => refuse(401, 'authentication_error', 'x-api-key header is required'),
  invalid: (message: string) => refuse(400, 'invalid_request_error', message),
  unknownModel: (id: string) => refuse(404, 'not_found_error', `model: ${id}`),
  /** Returns the error for an exhausted quota, or for a request that is larger than the whole quota. */
  quota({ rule, limit, organisation, model, waitMs }: QuotaRefusal): Refused {
    const message = `This request would exceed your organization's rate limit of ${limit} ${rule.counts} per minute (org: ${organisation}, model: ${model}). For details, refer to: https://docs.claude.com/en/api/rate-limits.`;
    const refused = refuse(429, 'rate_limit_error', message);
    return waitMs === undefined
      ? { ...refused, shouldRetry: false }
      : { ...refused, retryAfter: Math.ceil(waitMs / 1000) };
  },
};
