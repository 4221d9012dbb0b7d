import { z } from 'zod';

/** Promises about calls to an HTTP upstream that run at the same time. The fakes don't use them. */
export const promisedConcurrency = {
  concurrency: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('calls that are in progress at the same time if enough callers wait: never more; default: not judged'),
  queueSeconds: z
    .number()
    .positive()
    .max(20)
    .optional()
    .describe('seconds that a caller waits at most for its turn: then it is refused; default: not judged'),
  callsPerConnection: z
    .int()
    .min(2)
    .max(100)
    .optional()
    .describe('calls for each new connection, on average, if they are made one after another; default: not judged'),
};
