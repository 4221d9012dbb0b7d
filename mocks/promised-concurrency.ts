import { z } from 'zod';

/** Promises about calls to an HTTP upstream that run at the same time. The fakes don't use them. */
export const promisedConcurrency = {
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe(
      'maximum number of calls in progress at the same time, for all endpoints together. It must be reached if ' +
        'enough callers wait, so a service that makes one call at a time fails, as does one that releases a slot ' +
        'before a stream has ended; default: not judged',
    ),
  queueSeconds: z
    .number()
    .positive()
    .max(20)
    .optional()
    .describe(
      'maximum seconds that a caller waits for its turn; then it must get a response, with any status; ' +
        'tolerance: 0.5 s; default: not judged',
    ),
  callsPerConnection: z
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe(
      'average number of calls per new connection, if calls are made one after another (at least 30). A service ' +
        'that creates a client for each request fails; default: not judged',
    ),
};
