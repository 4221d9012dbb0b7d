import { z } from 'zod';
import { endpointName, name } from '../../../faults/base/name.ts';
import { opens } from './opens.ts';

/** Environment variables for the service. The lab replaces `${…}` in their values (see lab/service/launch.ts). */
export const environment = z
  .record(z.string(), z.string())
  .describe('environment variables; the lab fills in ${…} ($${…} is the text ${…})');

const limit = z.strictObject({
  max: z.int().positive(),
  windowSeconds: z.number().positive(),
  sharedWith: z.array(z.string()).default([]).describe('other limits that count the same requests'),
  clients: z
    .enum(['apart', 'together'])
    .default('apart')
    .describe('whether each client has its own limit, or all clients share it'),
});

const limitInProgress = z.strictObject({
  max: z.int().positive().describe('maximum number of requests in progress per client'),
  refusal: z.int().default(429).describe('the status of a request beyond that'),
});

const capacityNumbers = z
  .strictObject({
    requestsPerSecond: z.number().positive(),
    withinMs: z.number().positive().describe('milliseconds within which a request must be served'),
    share: z.number().gt(0).max(1).default(0.99).describe('the share of requests that must be served within that time'),
    soakSeconds: z.number().positive().default(60).describe('duration of a soak with half of that load'),
  })
  .describe('the load that one process must sustain');

/** The numbers in a profile: limits, thresholds, timeouts in seconds, pool sizes. */
export const numbers = z.strictObject({
  environment: environment.default({}),
  limits: z.record(endpointName, limit).default({}).describe('by the name of the endpoint'),
  requestsInProgress: z
    .record(endpointName, limitInProgress)
    .default({})
    .describe('limits of requests in progress per client, by the name of the endpoint'),
  breakers: z
    .record(
      name,
      z
        .strictObject({
          threshold: z.int().min(2).optional().describe('the consecutive failures that open it'),
          opens: opens.optional().describe('the rate of failures that opens it, instead of a threshold'),
          recoverySeconds: z.number().positive(),
          callTimeoutSeconds: z
            .number()
            .positive()
            .optional()
            .describe(
              'timeout of an upstream call in seconds; a timeout counts as a failure, and the call ends at the upstream unless ' +
                'upstreams.NAME.calls.timedOut is "continues"',
            ),
        })
        .refine(({ threshold, opens: rate }) => (threshold === undefined) !== (rate === undefined), {
          message:
            'needs either "threshold" (consecutive failures) or "opens" (a rate of failures in a window), and not both',
        }),
    )
    .default({}),
  pool: z
    .strictObject({
      max: z.int().positive().describe('the connections of the whole service'),
      processes: z
        .int()
        .positive()
        .default(1)
        .describe(
          'number of processes of the service, each with its own pool of the same size; max is the total of all pools',
        ),
      queueMax: z
        .int()
        .nonnegative()
        .optional()
        .describe('how many requests may wait for a connection, in all processes together; default: any number'),
      acquireTimeoutSeconds: z.number().positive(),
      queryTimeoutSeconds: z
        .number()
        .positive()
        .optional()
        .describe('timeout of a query in seconds, even if the server does not respond'),
    })
    .refine(({ max, processes }) => max % processes === 0, {
      message: 'is the total of all processes, so it must be a multiple of their number',
      path: ['max'],
    })
    .optional(),
  capacity: capacityNumbers.optional(),
});
