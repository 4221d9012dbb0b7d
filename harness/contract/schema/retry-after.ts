import { z } from 'zod';

/** Whether rejections say when to retry. */
export const retryAfter = z
  .boolean()
  .default(false)
  .describe(
    'whether rejections have a Retry-After header, in whole seconds. That of a breaker is not before its ' +
      'trial, and at most one recovery timeout after it; that of a pool is 1 to 60 s',
  );
