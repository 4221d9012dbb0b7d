import { z } from 'zod';

/** Promises about calls to an HTTP upstream that run at the same time. The fakes don't use them. */
export const promisedConcurrency = {
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('maximum number of concurrent calls, which is reached if enough callers wait; default: not judged'),
  queueSeconds: z
    .number()
    .positive()
    .max(20)
    .optional()
    .describe('maximum seconds that a caller waits for its turn before it is refused; default: not judged'),
  callsPerConnection: z
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe('average number of calls per connection, if calls are made one after another; default: not judged'),
};
