import { z } from 'zod';

/** Whether an endpoint ends its upstream calls if the caller leaves. */
export const cancels = z
  .strictObject({
    withinSeconds: z
      .number()
      .positive()
      .max(60)
      .describe('seconds; shorter than the timeout of an upstream call, which ends it anyway'),
  })
  .optional()
  .describe(
    'if the caller leaves, the calls to HTTP upstreams end within this time, are not repeated after it, and count for nothing',
  );
