/** What every error code means: its HTTP status, when it is given, and under which reason a refusal is counted. */
export const ERRORS = {
  token_missing: { status: 401, meaning: 'no bearer token was sent', refusal: 'authentication' },
  token_invalid: { status: 401, meaning: 'the token is not one that this service accepts', refusal: 'authentication' },
  token_expired: { status: 401, meaning: 'the token has expired', refusal: 'authentication' },
  user_mismatch: {
    status: 403,
    meaning: 'the request speaks for another user than its token',
    refusal: 'authorization',
  },
  rate_limited: { status: 429, meaning: 'the client used up a limit of this endpoint', refusal: 'rate_limit' },
  rate_limit_store_unavailable: {
    status: 503,
    meaning: 'the store that counts requests fails, and RATE_LIMIT_STORE_FAILURE is closed',
    refusal: 'rate_limit_store',
  },
  llm_circuit_open: { status: 503, meaning: 'the LLM breaker is open: not called', refusal: 'circuit_open' },
  memory_circuit_open: { status: 503, meaning: 'the memory breaker is open: not called', refusal: 'circuit_open' },
  llm_unavailable: { status: 502, meaning: 'the LLM API was called and gave no usable answer', refusal: undefined },
  memory_unavailable: {
    status: 502,
    meaning: 'the memory API was called and gave no usable answer',
    refusal: undefined,
  },
  llm_busy: { status: 503, meaning: 'as many LLM calls as may be are under way', refusal: 'bulkhead' },
  memory_busy: { status: 503, meaning: 'as many memory API calls as may be are under way', refusal: 'bulkhead' },
  out_of_resources: {
    status: 503,
    meaning: 'the service itself has no sockets, ports or memory left for a call',
    refusal: 'resources',
  },
  budget_exhausted: { status: 504, meaning: 'the calls before left too little time for the next', refusal: undefined },
  stopping: { status: 503, meaning: 'the service is stopping, and the request was not whole yet', refusal: 'stopping' },
  overloaded: { status: 503, meaning: 'the event loop is too far behind', refusal: 'load_shed' },
  database_pool_exhausted: {
    status: 503,
    meaning: 'no pooled connection came free in time',
    refusal: 'pool_exhausted',
  },
  database_unavailable: { status: 503, meaning: 'PostgreSQL refused, dropped or timed out', refusal: 'database' },
  invalid_request: {
    status: 400,
    meaning: 'the request does not have the documented shape',
    refusal: 'invalid_request',
  },
  expectation_failed: {
    status: 417,
    meaning: 'the Expect header asks for something else than 100-continue',
    refusal: 'invalid_request',
  },
  request_timeout: { status: 408, meaning: 'the request did not come whole in time', refusal: 'slow_request' },
  headers_too_large: { status: 431, meaning: 'the headers are larger than is accepted', refusal: 'invalid_request' },
  body_too_deep: { status: 400, meaning: 'the body is nested deeper than is accepted', refusal: 'body' },
  payload_too_large: { status: 413, meaning: 'the body is larger than is accepted', refusal: 'body' },
  conversation_conflict: {
    status: 409,
    meaning: 'the user has a conversation of this id with other messages',
    refusal: 'conflict',
  },
  not_ready: {
    status: 503,
    meaning: 'PostgreSQL or an upstream cannot be used now: the details say which',
    refusal: 'not_ready',
  },
  not_found: { status: 404, meaning: 'no such path or conversation', refusal: undefined },
  internal_error: { status: 500, meaning: 'a defect of the service', refusal: undefined },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  readonly status: number;
  readonly meaning: string;
  readonly refusal: string | undefined;
}

/** A stable code, as it stands in `error.code` of a response. */
export type ErrorCode = keyof typeof ERRORS;

/** What may come with an error: the time to wait (whole seconds) and structured details for the caller. */
export interface ServiceErrorOptions {
  readonly retryAfterSeconds?: number;
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** An error that the service answers with: a code of {@link ERRORS} and a message that is safe to show. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: ServiceErrorOptions = {}) {
    // An answer shows no stack and the log neither, and to capture one is a good part of what a refusal costs.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }

  /** HTTP status of the response. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Body of an error's response. */
export const errorBody = ({ code, message, details }: ServiceError) => ({
  error: { code, message, ...(details === undefined ? {} : { details }) },
});
