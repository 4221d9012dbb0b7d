import { z } from 'zod';

/** Whether an endpoint ends its upstream calls if the caller leaves. */
export const cancels = z
  .strictObject({
    withinSeconds: z
      .number()
      .positive()
      .max(60)
      .describe(
        'seconds; must be shorter than the timeout of an upstream call, which ends the call in any case. Callers ' +
          'leave after 1 s, or sooner if that timeout is short',
      ),
  })
  .optional()
  .describe(
    'if the caller leaves, its calls to HTTP upstreams end within this time, the next upstream of a ' +
      '`fallback` is not called, failed calls are not retried, slots and connections are free, and breakers ' +
      'count nothing',
  );
