/** The error classes that the OpenAI and Groq SDKs have as static members, by status. */
const CLASS_OF = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  500: 'InternalServerError',
  503: 'InternalServerError',
} as const;

type ErrorClasses<ErrorClass> = Record<(typeof CLASS_OF)[keyof typeof CLASS_OF], ErrorClass>;

/** Returns each status that has an error class of its own in an SDK, with that class. */
export const errorClasses = <ErrorClass>(sdk: ErrorClasses<ErrorClass>): [status: number, ErrorClass][] =>
  Object.entries(CLASS_OF).map(([status, name]) => [Number(status), sdk[name]]);
