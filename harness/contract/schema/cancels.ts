import { z } from 'zod';

/** Whether an endpoint ends its upstream calls if the caller leaves. */
export const cancels = z
  .strictObject({
    withinSeconds: z
      .number()
      .positive()
      .max(60)
      .describe('seconds; must be shorter than the timeout of an upstream call, which ends the call in any case'),
  })
  .optional()
  .describe(
    'if the caller leaves, its calls to HTTP upstreams end within this time, are not retried, and do not affect later calls',
  );
