import { z } from 'zod';

/** Settings of the service's process. The lab fills in `${…}` in a value (see lab/placeholders.ts). */
export const environment = z
  .record(z.string(), z.string())
  .describe('environment variables; ${…} is filled in by the lab');

const limit = z.strictObject({
  max: z.int().positive(),
  windowSeconds: z.number().positive(),
  sharedWith: z.array(z.string()).default([]).describe('other limits that count the same requests'),
});

const capacityNumbers = z
  .strictObject({
    requestsPerSecond: z.number().positive(),
    withinMs: z.number().positive().describe('milliseconds within which a request is served'),
    share: z.number().gt(0).max(1).default(0.99).describe('of the requests that so many are served within that time'),
    soakSeconds: z.number().positive().default(60).describe('how long half of that load is held in a soak'),
  })
  .describe('requests a second that one process bears, and what bearing means');

/** The numbers of one profile: limits, thresholds, timeouts in seconds, ceilings. */
export const numbers = z.strictObject({
  environment: environment.default({}),
  limits: z.record(z.string(), limit).default({}).describe('by the name of the endpoint'),
  breakers: z
    .record(
      z.string(),
      z.strictObject({
        threshold: z.int().min(2),
        recoverySeconds: z.number().positive(),
        callTimeoutSeconds: z
          .number()
          .positive()
          .optional()
          .describe('after so many seconds a call of the upstream is given up, which counts as a failure'),
      }),
    )
    .default({}),
  pool: z
    .strictObject({
      max: z.int().positive(),
      queueMax: z.int().nonnegative().optional().describe('how many may wait for a connection; absent: any number'),
      acquireTimeoutSeconds: z.number().positive(),
      queryTimeoutSeconds: z
        .number()
        .positive()
        .optional()
        .describe('after so many seconds a query is given up, also where the server is silent'),
    })
    .optional(),
  capacity: capacityNumbers.optional(),
});
