/** All error codes with their HTTP status, their meaning, and the reason under which a rejected request is counted. */
export const ERRORS = {
  token_missing: { status: 401, meaning: 'no bearer token was sent', refusal: 'authentication' },
  token_invalid: { status: 401, meaning: 'the token is not valid for this service', refusal: 'authentication' },
  token_expired: { status: 401, meaning: 'the token has expired', refusal: 'authentication' },
  user_mismatch: {
    status: 403,
    meaning: 'the user in the request is not the user of the token',
    refusal: 'authorization',
  },
  rate_limited: { status: 429, meaning: 'the client exceeded a rate limit of this endpoint', refusal: 'rate_limit' },
  rate_limit_store_unavailable: {
    status: 503,
    meaning: 'the rate limit store failed, and RATE_LIMIT_STORE_FAILURE is closed',
    refusal: 'rate_limit_store',
  },
  llm_circuit_open: {
    status: 503,
    meaning: 'the circuit breaker of the LLM API is open; the API was not called',
    refusal: 'circuit_open',
  },
  memory_circuit_open: {
    status: 503,
    meaning: 'the circuit breaker of the memory API is open; the API was not called',
    refusal: 'circuit_open',
  },
  llm_unavailable: {
    status: 502,
    meaning: 'the LLM API was called but returned no usable response',
    refusal: undefined,
  },
  memory_unavailable: {
    status: 502,
    meaning: 'the memory API was called but returned no usable response',
    refusal: undefined,
  },
  llm_busy: { status: 503, meaning: 'the maximum number of concurrent LLM calls is reached', refusal: 'bulkhead' },
  memory_busy: {
    status: 503,
    meaning: 'the maximum number of concurrent memory API calls is reached',
    refusal: 'bulkhead',
  },
  out_of_resources: {
    status: 503,
    meaning: 'the service has no sockets, ports or memory left for an upstream call',
    refusal: 'resources',
  },
  budget_exhausted: {
    status: 504,
    meaning: 'previous calls left too little time for the next one',
    refusal: undefined,
  },
  stopping: {
    status: 503,
    meaning: 'the service is stopping, and the request was not complete yet',
    refusal: 'stopping',
  },
  overloaded: { status: 503, meaning: 'the event loop delay is above the limit', refusal: 'load_shed' },
  database_pool_exhausted: {
    status: 503,
    meaning: 'no pooled connection became available in time',
    refusal: 'pool_exhausted',
  },
  database_unavailable: {
    status: 503,
    meaning: 'PostgreSQL refused or dropped the connection, or did not respond in time',
    refusal: 'database',
  },
  invalid_request: {
    status: 400,
    meaning: 'the request does not match the documented schema',
    refusal: 'invalid_request',
  },
  expectation_failed: {
    status: 417,
    meaning: 'the Expect header is not 100-continue',
    refusal: 'invalid_request',
  },
  request_timeout: { status: 408, meaning: 'the request was not complete in time', refusal: 'slow_request' },
  headers_too_large: { status: 431, meaning: 'the headers are too large', refusal: 'invalid_request' },
  body_too_deep: { status: 400, meaning: 'the body is nested too deeply', refusal: 'body' },
  payload_too_large: { status: 413, meaning: 'the body is too large', refusal: 'body' },
  conversation_conflict: {
    status: 409,
    meaning: 'the user already has a conversation with this id and different messages',
    refusal: 'conflict',
  },
  not_ready: {
    status: 503,
    meaning: 'PostgreSQL or an upstream is unavailable; see the details',
    refusal: 'not_ready',
  },
  not_found: { status: 404, meaning: 'the path or the conversation does not exist', refusal: undefined },
  internal_error: { status: 500, meaning: 'a bug in the service', refusal: undefined },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  readonly status: number;
  readonly meaning: string;
  readonly refusal: string | undefined;
}

/** A stable error code, sent as `error.code` in a response. */
export type ErrorCode = keyof typeof ERRORS;

/**
 * Options for a {@link ServiceError}.
 *
 * - `retryAfterSeconds` is the number of whole seconds after which a retry makes sense.
 * - `details` is structured information for the client.
 */
export interface ServiceErrorOptions {
  readonly retryAfterSeconds?: number;
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** An error that is sent to the client, with a code from {@link ERRORS} and a message that contains no secrets. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: ServiceErrorOptions = {}) {
    // The stack is neither sent nor logged, and capturing it accounts for much of the time to reject a request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Returns an error's response body. */
export const errorBody = ({ code, message, details }: ServiceError) => ({
  error: { code, message, ...(details === undefined ? {} : { details }) },
});
