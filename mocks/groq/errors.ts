import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';

/** The `error` of a Groq error body. */
interface GroqErrorBody {
  message: string;
  type: string;
  code?: string;
  param?: string;
}

/** An error response in Groq's shape: `{"error":{"message","type","code"?,"param"?}}`. */
const groqError = (status: number, error: GroqErrorBody): Response => HttpResponse.json({ error }, { status });

const invalidRequest = 'invalid_request_error';

// From console.groq.com/docs/errors and the bodies that Groq's users report; what is not here follows the default below.
const KNOWN: Readonly<Record<number, GroqErrorBody>> = {
  401: { message: 'Invalid API Key', type: invalidRequest, code: 'invalid_api_key' },
  413: { message: 'Request Entity Too Large', type: invalidRequest, code: 'request_too_large' },
  429: {
    message:
      'Rate limit reached for model `llama-3.1-8b-instant` in organization `org_proofload` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s. Need more tokens? Visit https://console.groq.com/settings/billing to upgrade.',
    type: 'tokens',
    code: 'rate_limit_exceeded',
  },
  498: {
    message: 'Flex tier capacity exceeded, please try again later',
    type: 'capacity_exceeded',
    code: 'capacity_exceeded',
  },
  500: { message: 'Internal Server Error', type: 'internal_server_error' },
  503: { message: 'Service Unavailable', type: 'internal_server_error' },
};

/** Groq's usual body for a status from 400 to 599. */
export function groqStatusError(status: number): Response {
  const type = status < 500 ? invalidRequest : 'internal_server_error';
  return groqError(status, KNOWN[status] ?? { message: STATUS_CODES[status] ?? `Status ${status}`, type });
}

/** Groq's 400 for a request that breaks its rules. */
export const groqInvalidRequest = (message: string): Response => groqError(400, { message, type: invalidRequest });

/** Groq's 404 for a model that it does not have. */
export const groqUnknownModel = (model: string): Response =>
  groqError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: invalidRequest,
    code: 'model_not_found',
  });

/** Groq's 404 for a path that it does not have. */
export const groqUnknownPath = (method: string, path: string): Response =>
  groqError(404, {
    message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`,
    type: invalidRequest,
    code: 'unknown_url',
  });
