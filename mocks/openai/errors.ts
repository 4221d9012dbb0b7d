import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';
import type { QuotaRefusal } from '../llm/quota-ledger.ts';
import { describeProblem } from './describe-problem.ts';
import type { DialectErrors, ModelOptions } from './dialect/dialect.ts';
import { goDuration } from './dialect/go-duration.ts';
import type { Model } from './dialect/model.ts';

/** The `error` object in an OpenAI error response. All four fields are always present. */
interface OpenAiErrorBody {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

const invalidRequest = 'invalid_request_error';
const ACCOUNT = 'https://platform.openai.com/account';

/** Returns an error response in OpenAI's format: `{"error":{"message","type","param","code"}}`. */
function openAiError(status: number, message: string, more: Partial<OpenAiErrorBody> = {}): Response {
  const usual = { message, type: status < 500 ? invalidRequest : 'server_error', param: null, code: null };
  return HttpResponse.json({ error: { ...usual, ...more } }, { status });
}

// From the error codes at platform.openai.com/docs/guides/error-codes, and from bodies that users have reported. For
// other statuses, the body contains the name of the status.
const KNOWN: Readonly<Record<number, readonly [message: string, more?: Partial<OpenAiErrorBody>]>> = {
  401: [`Incorrect API key provided. You can find your API key at ${ACCOUNT}/api-keys.`, { code: 'invalid_api_key' }],
  403: ['You are not allowed to access this resource.'],
  429: [
    `Rate limit reached for gpt-5.6-luna in organization org_proofload on tokens per min (TPM): Limit 30000, Used 29500, Requested 1000. Please try again in 1s. Visit ${ACCOUNT}/rate-limits to learn more.`,
    { type: 'tokens', code: 'rate_limit_exceeded' },
  ],
  500: ['The server had an error while processing your request. Sorry about that!'],
  503: ['The server is currently overloaded with other requests. Sorry about that! You can retry your request.'],
};

/** OpenAI's error responses. */
export const openAiErrors: DialectErrors = {
  status(status) {
    const [message = STATUS_CODES[status] ?? `Status ${status}`, more] = KNOWN[status] ?? [];
    return openAiError(status, message, more);
  },
  unauthorized(key) {
    if (key === undefined) return openAiError(401, NO_KEY);
    const masked = key.length > 8 ? `${key.slice(0, 4)}****${key.slice(-4)}` : '****';
    return openAiError(
      401,
      `Incorrect API key provided: ${masked}. You can find your API key at ${ACCOUNT}/api-keys.`,
      {
        code: 'invalid_api_key',
      },
    );
  },
  forbidden: () =>
    openAiError(403, 'You have insufficient permissions for this operation.', { code: 'insufficient_permissions' }),
  invalidJson: () => openAiError(400, NO_JSON),
  invalidBody: (problem) => openAiError(400, ...describeProblem(problem)),
  unknownModel: (id, field) =>
    field
      ? openAiError(404, `The model \`${id}\` does not exist or you do not have access to it.`, {
          code: 'model_not_found',
        })
      : openAiError(404, `The model '${id}' does not exist`, { param: 'model', code: 'model_not_found' }),
  wrongModel: (id, endpoint) =>
    openAiError(404, `The model \`${id}\` is not supported in the v1/${endpoint} endpoint.`, { param: 'model' }),
  limitTooHigh: ({ maxOutput, dimensions }, param, limit) =>
    openAiError(
      400,
      `Invalid '${param}': integer above maximum value. Expected a value <= ${dimensions ?? maxOutput}, but got ${limit} instead.`,
      { param, code: 'integer_above_max_value' },
    ),
  contextExceeded: ({ contextWindow }, param, tokens) =>
    openAiError(
      400,
      `This model's maximum context length is ${contextWindow} tokens. However, your ${param} resulted in ${tokens} tokens. Please reduce the length of the ${param}.`,
      { param, code: 'context_length_exceeded' },
    ),
  noFlexCapacity: () =>
    openAiError(429, 'Resource unavailable. Please try again later.', {
      type: 'resource_unavailable',
      code: 'resource_unavailable',
    }),
  quota: quotaRefusal,
  failedGeneration: () => undefined,
  unknownResponse: (id, isEarlier = false) =>
    isEarlier
      ? openAiError(400, `Previous response with id '${id}' not found.`, {
          param: 'previous_response_id',
          code: 'previous_response_not_found',
        })
      : openAiError(404, `Response with id '${id}' not found.`),
  unknownPath: (method, path) => openAiError(404, `Invalid URL (${method} ${path})`),
};

const NO_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
const NO_JSON =
  'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.';

/** Reasoning models don't support `max_tokens` in chat completions. */
export function refuseOldLimit({ reasons }: Model, { limitField }: ModelOptions): Response | undefined {
  if (!reasons || limitField !== 'max_tokens') return undefined;
  const message = `Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.`;
  return openAiError(400, message, { param: 'max_tokens', code: 'unsupported_parameter' });
}

/** Returns the 429 for an exhausted quota, or for a request that is larger than the whole quota. */
function quotaRefusal({ organisation, model, rule, limit, used, requested, waitMs }: QuotaRefusal): Response {
  const title = `${rule.counts} per ${rule.name.endsWith('m') ? 'min' : 'day'} (${rule.name.toUpperCase()})`;
  const where = `${model} in organization ${organisation} on ${title}: Limit ${limit}`;
  const message =
    waitMs === undefined
      ? `Request too large for ${where}, Requested ${requested}. The input or output tokens must be reduced in order to run successfully.`
      : `Rate limit reached for ${where}, Used ${used}, Requested ${requested}. Please try again in ${goDuration(waitMs)}.`;
  return openAiError(429, `${message} Visit ${ACCOUNT}/rate-limits to learn more.`, {
    type: rule.counts,
    code: 'rate_limit_exceeded',
  });
}
