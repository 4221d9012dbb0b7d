import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';
import { goDuration } from './go-duration.ts';
import type { QuotaRefusal } from './quota-ledger.ts';

/** The `error` of a Groq error response. */
interface GroqErrorBody {
  message: string;
  type: string;
  code?: string;
  param?: string;
  failed_generation?: string;
}

/** Returns an error response in Groq's format: `{"error":{"message","type","code"?,"param"?,"failed_generation"?}}`. */
const groqError = (status: number, error: GroqErrorBody): Response => HttpResponse.json({ error }, { status });

const invalidRequest = 'invalid_request_error';
const serverError = 'internal_server_error';
const MORE_TOKENS = 'Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing';

// From console.groq.com/docs/errors and from error bodies that Groq's users have reported; other statuses get the
// default below.
const KNOWN: Readonly<Record<number, GroqErrorBody>> = {
  401: { message: 'Invalid API Key', type: invalidRequest, code: 'invalid_api_key' },
  403: { message: 'Forbidden', type: 'permissions_error' },
  413: { message: 'Request Entity Too Large', type: invalidRequest, code: 'request_too_large' },
  422: { message: 'Unprocessable Entity', type: invalidRequest },
  424: { message: 'Failed Dependency', type: invalidRequest },
  429: {
    message: `Rate limit reached for model \`openai/gpt-oss-20b\` in organization \`org_proofload\` service tier \`on_demand\` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s. ${MORE_TOKENS}`,
    type: 'tokens',
    code: 'rate_limit_exceeded',
  },
  498: {
    message: 'Flex tier capacity exceeded, please try again later',
    type: 'capacity_exceeded',
    code: 'capacity_exceeded',
  },
  499: { message: 'Request Cancelled', type: invalidRequest, code: 'request_cancelled' },
  500: { message: 'Internal Server Error', type: serverError },
  502: { message: 'Bad Gateway', type: serverError },
  503: { message: 'Service Unavailable', type: serverError },
};

/** Returns Groq's error response for a status from 400 to 599. */
export function groqStatusError(status: number): Response {
  const type = status < 500 ? invalidRequest : serverError;
  return groqError(status, KNOWN[status] ?? { message: STATUS_CODES[status] ?? `Status ${status}`, type });
}

/** Groq's 400 for an invalid request; `param` names the field if the real response does. */
export const groqInvalidRequest = (
  message: string,
  { code, param }: { code?: string; param?: string } = {},
): Response =>
  groqError(400, { message, type: invalidRequest, ...(code ? { code } : {}), ...(param ? { param } : {}) });

/** Groq's 403 for a key without permission. */
export const groqForbiddenKey = (): Response =>
  groqError(403, {
    message: 'You do not have permission to access this resource.',
    type: 'permissions_error',
    code: 'permission_denied',
  });

const FAILED_GENERATIONS = { json_validate_failed: 'generate JSON', tool_use_failed: 'call a function' } as const;

/** Groq's 400 if the model failed to generate the requested JSON or function call. */
export const groqFailedGeneration = (code: keyof typeof FAILED_GENERATIONS, failed_generation: string): Response =>
  groqError(400, {
    message: `Failed to ${FAILED_GENERATIONS[code]}. Please adjust your prompt. See 'failed_generation' for more details.`,
    type: invalidRequest,
    code,
    failed_generation,
  });

/** Groq's 429 for a quota that is used up, and its 413 for a request that is larger than the whole quota. */
export function groqQuotaRefusal(refusal: QuotaRefusal): Response {
  const { organisation, model, tier, counts, title, limit, used, requested, waitMs } = refusal;
  const where = `model \`${model}\` in organization \`${organisation}\` service tier \`${tier}\` on ${title}: Limit ${limit}`;
  const message =
    waitMs === undefined
      ? `Request too large for ${where}, Requested ${requested}, please reduce your message size and try again. ${MORE_TOKENS}`
      : `Rate limit reached for ${where}, Used ${used}, Requested ${requested}. Please try again in ${goDuration(waitMs)}. ${MORE_TOKENS}`;
  return groqError(waitMs === undefined ? 413 : 429, { message, type: counts, code: 'rate_limit_exceeded' });
}

/** Groq's 404 for an unknown model. */
export const groqUnknownModel = (model: string): Response =>
  groqError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: invalidRequest,
    code: 'model_not_found',
  });

/** Groq's 400 for a retired model. */
export const groqDecommissionedModel = (model: string): Response =>
  groqError(400, {
    message: `The model \`${model}\` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.`,
    type: invalidRequest,
    code: 'model_decommissioned',
  });

/** Groq's 404 for an unknown path. */
export const groqUnknownPath = (method: string, path: string): Response =>
  groqError(404, {
    message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`,
    type: invalidRequest,
    code: 'unknown_url',
  });
