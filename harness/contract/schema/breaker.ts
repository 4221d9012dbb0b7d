import { z } from 'zod';
import { refusalAnswer } from './refusal-answer.ts';
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
    upstream: z.string().describe('the upstream that it protects, or `database`'),
    endpoint: z
      .string()
      .describe(
        'an endpoint that calls the upstream of this breaker before any other upstream that has a breaker, and ' +
          'that fails without it',
      ),
    refusal: z
      .int()
      .describe(
        'the status of a request that an open breaker rejects, from all endpoints that reach its upstream, unless ' +
          'their `onFault` or `finishesLater` promises another status',
      ),
    retryAfter,
    refusalAnswer,
    counts: z
      .enum(['calls', 'attempts'])
      .optional()
      .describe(
        'what it counts if calls to its upstream are retried: `calls` with all their attempts (it is around the ' +
          'retries), or `attempts` (it is inside them). No attempt reaches the upstream while it is open. Needs ' +
          'failures that are in `calls.on`; default: either',
      ),
    trials,
    trialsToClose,
    duringTrial: z
      .enum(['refused', 'wait'])
      .default('refused')
      .describe(
        'what happens to other calls during a trial: they are `refused`, or `wait` for its result, as with ' +
          'cockatiel. After a good trial, they are served within the time that the trial took, and after a failed ' +
          'one rejected, both with a tolerance of 0.5 s. `wait` needs `trials: 1`; `refused` does not judge waiting',
      ),
    openings: z
      .strictObject({ endpoint: z.string(), metric: z.string() })
      .optional()
      .describe('the metric that counts how often it opened, and the endpoint that returns it'),
    untouched: z
      .array(z.string())
      .default([])
      .describe(
        'endpoints that must stay as fast during an outage of its upstream: their medians do not change, and no ' +
          'call waits for a service that is frozen, not even once',
      ),
    failures: z
      .array(fault)
      .min(1)
      .describe(
        'faults of the upstream that count as failures, in any order, also of a trial, which reopens the breaker; ' +
          'at least one must fail a call as soon as it arrives, so its effect in docs/faults.md must be `fails` or ' +
          '`stream`. For TCP upstreams and the database: `reset` or `half-close` (at least one of them), ' +
          '`blackhole`, `latency` and `refuse`',
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
      .optional()
      .describe(
        'log lines that show the transitions. The line about an opening must contain the name of the breaker, and ' +
          'the others need not',
      ),
  })
  .refine((settings) => settings.duringTrial === 'refused' || settings.trials === 1, {
    path: ['duringTrial'],
    message: 'calls can only wait for a single trial; set `trials: 1`',
  })
  .refine((settings) => settings.trials === 'any' || (settings.trialsToClose ?? 1) <= settings.trials, {
    path: ['trialsToClose'],
    message: 'is more than the trials that are allowed: this breaker would never close',
  });
