import { z } from 'zod';
import { endpointName, name } from '../../../faults/base/name.ts';
import { budgetNumbers } from './budgets.ts';
import { opens } from './opens.ts';

/** Environment variables for the service. The lab replaces `${…}` in their values (see lab/service/launch.ts). */
export const environment = z
  .record(z.string(), z.string())
  .describe(
    'environment variables, in which the lab fills in ${…} (docs/how-to/start-a-service.md); $${…} is the text ' +
      '${…}',
  );

const limit = z.strictObject({
  max: z.int().positive().describe('maximum number of requests per client in a window'),
  windowSeconds: z
    .number()
    .positive()
    .describe(
      'length of the window. All requests of a burst must be answered within it: start with 2, and use 5 or ' +
        'more if a scenario reports that a burst took longer',
    ),
  sharedWith: z
    .array(z.string())
    .default([])
    .describe('other limits that count the same requests; each names the others'),
  clients: z
    .enum(['apart', 'together'])
    .default('apart')
    .describe(
      '`apart`: each client has its own limit. `together`: all clients share it, so if one has used it up, the ' +
        'others get 429 as well. `stress/limit-costs` does not judge these, and `stress/specified-numbers` ' +
        'neither the timeouts nor the breakers of their endpoints',
    ),
});

const limitInProgress = z.strictObject({
  max: z.int().positive().describe('maximum number of requests in progress per client'),
  refusal: z.int().default(429).describe('the status of a request beyond that'),
});

const capacityNumbers = z
  .strictObject({
    requestsPerSecond: z.number().positive().describe('requests per second that must be served'),
    withinMs: z.number().positive().describe('milliseconds within which a request must be served'),
    share: z.number().gt(0).max(1).default(0.99).describe('the share of requests that must be served within that time'),
    soakSeconds: z.number().positive().default(60).describe('duration of a soak with half of that load'),
  })
  .describe('the load that one process must sustain');

/** The numbers in a profile: limits, thresholds, timeouts in seconds, pool sizes. */
export const numbers = z.strictObject({
  environment: environment
    .default({})
    .describe(
      'settings with which the service has the numbers of this profile; they take precedence over `environment` above',
    ),
  limits: z.record(endpointName, limit).default({}).describe('rate limits, by the name of the endpoint'),
  requestsInProgress: z
    .record(endpointName, limitInProgress)
    .default({})
    .describe(
      'limits of requests in progress per client, by the name of the endpoint. `conditions.no-rate-limits` must not switch them off',
    ),
  budgets: z
    .record(name, budgetNumbers)
    .default({})
    .describe('the numbers of budgets that differ from those in `budgets`, by name'),
  breakers: z
    .record(
      name,
      z
        .strictObject({
          threshold: z.int().min(2).optional().describe('the consecutive failures that open it'),
          opens: opens
            .optional()
            .describe('the rate or the number of failures in a window that opens it, instead of a threshold'),
          recoverySeconds: z.number().positive().describe('seconds from the opening until a trial'),
          callTimeoutSeconds: z
            .number()
            .positive()
            .optional()
            .describe(
              'timeout of an upstream call in seconds; a timeout counts as a failure, and the call ends at the upstream ' +
                'unless `upstreams.NAME.calls.timedOut` is `continues`; default: not judged',
            ),
        })
        .refine(({ threshold, opens: rate }) => (threshold === undefined) !== (rate === undefined), {
          message:
            'needs either "threshold" (consecutive failures) or "opens" (a rate or a number of failures in a window), and not both',
        }),
    )
    .default({})
    .describe('the numbers of breakers, by name'),
  pool: z
    .strictObject({
      max: z.int().positive().describe('the connections of the whole service'),
      processes: z
        .int()
        .positive()
        .default(1)
        .describe(
          'number of processes of the service, such as workers of gunicorn, each with its own pool of the same ' +
            'size; `max` and `queueMax` are those of all together',
        ),
      queueMax: z
        .int()
        .nonnegative()
        .optional()
        .describe('how many requests may wait for a connection, in all processes together; default: any number'),
      acquireTimeoutSeconds: z.number().positive().describe('seconds that a call waits at most for a connection'),
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
    .optional()
    .describe('the numbers of the connection pool'),
  capacity: capacityNumbers.optional(),
});
