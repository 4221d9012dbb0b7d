import { z } from 'zod';

/** How the service ends at SIGTERM. */
export const termination = z
  .strictObject({
    graceSeconds: z
      .number()
      .positive()
      .max(60)
      .describe('seconds from SIGTERM until the process has exited, even if requests are in progress; at most 60'),
    inFlight: z
      .enum(['finished', 'refused-with-503'])
      .describe('requests in progress at SIGTERM are finished and served; or they are served or get 503'),
    streams: z
      .enum(['finished', 'error'])
      .optional()
      .describe(
        'streams in progress at SIGTERM are finished; or they are finished, report an error to their callers, or get 503; ' +
          'default: finished if inFlight is',
      ),
    drainSeconds: z
      .number()
      .nonnegative()
      .default(0)
      .describe('seconds from SIGTERM in which new requests are still served, so that load balancers can react'),
    ready: z
      .string()
      .optional()
      .describe(
        'an endpoint that reports readiness: after SIGTERM, and before new requests are refused, it stops being served',
      ),
    exitCode: z
      .int()
      .min(0)
      .max(255)
      .optional()
      .describe('the exit code after SIGTERM; default: 0, 143, or termination by the signal itself'),
  })
  .refine(({ drainSeconds, graceSeconds }) => drainSeconds < graceSeconds, {
    path: ['drainSeconds'],
    message: 'must be less than graceSeconds',
  })
  .optional()
  .describe('how the service ends on SIGTERM');
