import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';
import type { Problem } from '../llm/parse-body.ts';
import type { QuotaRefusal } from '../llm/quota-ledger.ts';
import type { DialectErrors, ModelOptions } from '../openai/dialect/dialect.ts';
import { goDuration } from '../openai/dialect/go-duration.ts';
import type { Model } from '../openai/dialect/model.ts';
import { DECOMMISSIONED } from './models.ts';

/** The `error` object in a Groq error response. */
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

// From console.groq.com/docs/errors and from error bodies that Groq users have reported. Other statuses use the default
// below.
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

/** Groq's error responses. */
export const groqErrors: DialectErrors = {
  status(status) {
    const type = status < 500 ? invalidRequest : serverError;
    return groqError(status, KNOWN[status] ?? { message: STATUS_CODES[status] ?? `Status ${status}`, type });
  },
  unauthorized: () => groqErrors.status(401),
  forbidden: () =>
    groqError(403, {
      message: 'You do not have permission to access this resource.',
      type: 'permissions_error',
      code: 'permission_denied',
    }),
  invalidJson: () => refuse('failed to parse the request body as JSON'),
  invalidBody: (problem) => refuse(describe(problem)),
  unknownModel(id, field) {
    if (field && DECOMMISSIONED.has(id)) return decommissionedModel(id);
    return groqError(404, {
      message: `The model \`${id}\` does not exist or you do not have access to it.`,
      type: invalidRequest,
      code: 'model_not_found',
    });
  },
  wrongModel: (id, endpoint) => refuse(`The model \`${id}\` does not support ${endpoint}`),
  limitTooHigh: ({ maxOutput }, param) =>
    refuse(
      `\`${param}\` must be less than or equal to \`${maxOutput}\`, the maximum value for \`${param}\` is less than the \`context_window\` for this model`,
      { param },
    ),
  contextExceeded: (_model, param) =>
    refuse('Please reduce the length of the messages or completion.', { code: 'context_length_exceeded', param }),
  noFlexCapacity: () => groqErrors.status(498),
  quota: quotaRefusal,
  failedGeneration(what, failed_generation) {
    const action = what === 'JSON' ? 'generate JSON' : 'call a function';
    return groqError(400, {
      message: `Failed to ${action}. Please adjust your prompt. See 'failed_generation' for more details.`,
      type: invalidRequest,
      code: what === 'JSON' ? 'json_validate_failed' : 'tool_use_failed',
      failed_generation,
    });
  },
  unknownResponse: (id) =>
    groqError(404, { message: `Response with id '${id}' not found.`, type: invalidRequest, code: 'not_found' }),
  unknownPath: (method, path) =>
    groqError(404, {
      message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`,
      type: invalidRequest,
      code: 'unknown_url',
    }),
};

/** gpt-oss always reasons, so it does not support the effort `none`; other models do. */
export function refuseEffort({ id }: Model, { effort, effortField }: ModelOptions): Response | undefined {
  const isKnown = effort === undefined || effort === null || ['low', 'medium', 'high'].includes(String(effort));
  if (isKnown || !id.startsWith('openai/gpt-oss-')) return undefined;
  return refuse(`\`${effortField}\` must be one of \`low\`, \`medium\`, or \`high\``, { param: effortField });
}

/** Returns the 400 for an invalid request. `param` is the name of the field if the real response has it. */
function refuse(message: string, more: { code?: string; param?: string } = {}): Response {
  return groqError(400, { message, type: invalidRequest, ...more });
}

function describe(problem: Problem): string {
  const path = problem.path.join('.');
  if (problem.code === 'unrecognized_keys') {
    return `property '${[path, problem.keys[0]].filter(Boolean).join('.')}' is unsupported`;
  }
  if (problem.code === 'invalid_type' && problem.input === undefined) {
    return `'${path}' : property '${path}' is missing`;
  }
  return path ? `'${path}' : ${problem.message}` : problem.message;
}

/** Returns the 400 for a retired model. */
const decommissionedModel = (id: string): Response =>
  refuse(
    `The model \`${id}\` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.`,
    { code: 'model_decommissioned' },
  );

/** Returns the 429 for an exhausted quota, or the 413 for a request that is larger than the whole quota. */
function quotaRefusal({ organisation, model, tier, rule, limit, used, requested, waitMs }: QuotaRefusal): Response {
  const title = `${rule.counts} per ${rule.name.endsWith('m') ? 'minute' : 'day'} (${rule.name.toUpperCase()})`;
  const where = `model \`${model}\` in organization \`${organisation}\` service tier \`${tier}\` on ${title}: Limit ${limit}`;
  const message =
    waitMs === undefined
      ? `Request too large for ${where}, Requested ${requested}, please reduce your message size and try again. ${MORE_TOKENS}`
      : `Rate limit reached for ${where}, Used ${used}, Requested ${requested}. Please try again in ${goDuration(waitMs)}. ${MORE_TOKENS}`;
  return groqError(waitMs === undefined ? 413 : 429, { message, type: rule.counts, code: 'rate_limit_exceeded' });
}
