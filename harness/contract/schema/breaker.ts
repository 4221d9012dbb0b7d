import { z } from 'zod';
import { retryAfter } from './retry-after.ts';
import { trials, trialsToClose } from './trials.ts';

const logPattern = z
  .array(z.string())
  .min(1)
  .describe('texts that a log line must contain, all of them; {failures} and {recovery} match numbers');

const fault = z.looseObject({ kind: z.string() });

/** A circuit breaker: what it protects, and how it behaves when it is open. Its numbers are in the profiles. */
export const breaker = z
  .strictObject({
    upstream: z.string(),
    endpoint: z
      .string()
      .describe('an endpoint that calls the upstream of this breaker before any other upstream that has a breaker'),
    refusal: z
      .int()
      .describe('the status of a request that an open breaker rejects, from all endpoints that need its upstream'),
    retryAfter,
    counts: z
      .enum(['calls', 'attempts'])
      .optional()
      .describe(
        'what it counts if calls to its upstream are retried: a call with all its attempts, or each attempt; no attempt ' +
          'reaches the upstream while it is open; default: either',
      ),
    trials,
    trialsToClose,
    duringTrial: z
      .enum(['refused', 'wait'])
      .default('refused')
      .describe('whether calls are rejected during a trial, or wait for its result and are then served or rejected'),
    openings: z
      .strictObject({ endpoint: z.string(), metric: z.string() })
      .optional()
      .describe('the metric that counts how often it opened, as the metrics endpoint names it'),
    untouched: z
      .array(z.string())
      .default([])
      .describe('endpoints that must stay as fast during an outage of its upstream'),
    failures: z
      .array(fault)
      .min(1)
      .describe(
        'faults of the upstream that count as failures, in any order; at least one must fail a call as soon as it ' +
          'arrives, so its effect in docs/faults.md must be "fails" or "stream"',
      ),
    ignored: z
      .array(fault)
      .default([])
      .describe('faults that neither count as failures nor reset the count, such as a 4xx'),
    harmless: z
      .array(fault)
      .default([])
      .describe('faults after which a call is still served; such a call resets the count'),
    log: z
      .strictObject({
        opened: logPattern,
        halfOpen: logPattern
          .optional()
          .describe('omit this if the log does not show it, or does not say for which breaker'),
        closed: logPattern,
      })
      .optional(),
  })
  .refine((settings) => settings.duringTrial === 'refused' || settings.trials === 1, {
    path: ['duringTrial'],
    message: 'calls can only wait for a single trial; set `trials: 1`',
  })
  .refine((settings) => settings.trials === 'any' || (settings.trialsToClose ?? 1) <= settings.trials, {
    path: ['trialsToClose'],
    message: 'is more than the trials that are allowed: this breaker would never close',
  });
