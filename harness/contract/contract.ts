/**
 * The contract describes what a service promises and how to start it. It is all that the harness knows about a service.
 *
 * A team writes it as YAML, JSON or a module (docs/how-to/README.md). load.ts reads it and reports all problems.
 * Anything that it does not promise is not judged. The descriptions below are the reference: editors show them from
 * schemas/contract.schema.json, and docs/contract/ is made of them, so run `make schemas docs` after changing them.
 * docs/architecture.md says what a new promise needs.
 */

import { z } from 'zod';
import { endpointName, name } from '../../faults/base/name.ts';
import { conversation } from '../../mocks/llm/conversation.ts';
import { promisedCalls } from '../../mocks/promised-calls.ts';
import { promisedConcurrency } from '../../mocks/promised-concurrency.ts';
import { promisedQuota } from '../../mocks/promised-quota.ts';
import { entryOf } from '../base/entry-of.ts';
import { ProofloadError } from '../base/errors.ts';
import { authentication } from './schema/authentication.ts';
import { breaker } from './schema/breaker.ts';
import { budgets, judgedBudget } from './schema/budgets.ts';
import { client } from './schema/client.ts';
import { conditions } from './schema/conditions.ts';
import { capacity, frozen, gauge, ledger } from './schema/data.ts';
import { database } from './schema/database.ts';
import { endpoint, judgedEndpoint } from './schema/endpoint.ts';
import { files } from './schema/files.ts';
import { ignoredHosts } from './schema/ignored-hosts.ts';
import { limiter } from './schema/limiter.ts';
import { environment, numbers } from './schema/numbers.ts';
import { refusalAnswer } from './schema/refusal-answer.ts';
import { refusedStart, secret } from './schema/refused-starts.ts';
import { retryAfter } from './schema/retry-after.ts';
import { secrecy } from './schema/secrecy.ts';
import { start } from './schema/start.ts';
import { termination } from './schema/termination.ts';
import { tls } from './schema/tls.ts';
import { tools } from './schema/tools.ts';
import { upstreams } from './schema/upstreams.ts';

/** Limits a run's duration, because scenarios call each endpoint, sometimes dozens of times. */
const MOST_ENDPOINTS = 1_000;

export const contractSchema = z.strictObject({
  $schema: z.string().optional().describe('the JSON Schema of this file, for editors'),
  name: z.string().describe('the title of the service: any text'),
  start: start.describe('how to start the service, or the address of one that is already running'),
  database: database.optional(),
  upstreams: upstreams.default({}),
  ignoredHosts: ignoredHosts.default([]),
  environment: environment.default({}),
  files: files.default({}),
  conditions,
  endpoints: z
    .record(endpointName, endpoint)
    .refine((endpoints) => Object.keys(endpoints).length <= MOST_ENDPOINTS, `has more than ${MOST_ENDPOINTS} endpoints`)
    .describe(
      `the endpoints, by name, such as "ask" or "POST /ask"; at most ${MOST_ENDPOINTS}: how to call them, and what callers get`,
    ),
  health: z
    .string()
    .optional()
    .describe('an endpoint that is served no matter what else is broken; default: the endpoint named health'),
  breakers: z
    .record(name, breaker)
    .default({})
    .describe(
      'circuit breakers, by name. Each scenario about one breaker runs for each of them: `chaos/outage` is ' +
        '`chaos/llm-outage` for the breaker llm',
    ),
  budgets,
  authentication: authentication.optional(),
  client: client.default('socket'),
  limiter: limiter
    .prefault({})
    .describe('how rate limits count, and how responses report them; the numbers are in `profiles.NAME.limits`'),
  pool: z
    .strictObject({
      table: z.string().describe('a table that the endpoint reads'),
      endpoint: z.string().describe('an endpoint that reads the table with a single query'),
      refusal: z.int().describe('the status of a request if no connection is available'),
      refusalAnswer,
      retryAfter,
    })
    .optional()
    .describe('the connection pool of the service; its numbers are in `profiles.NAME.pool`'),
  tls: tls.prefault({}).describe('the certificates of upstreams that the service must reject'),
  secret: secret.optional().describe('the key that must be strong, with examples of weak and strong values'),
  secrecy: secrecy.optional(),
  refusedStarts: z
    .record(name, refusedStart)
    .optional()
    .describe('settings with which the service must not start, by a name for the mistake'),
  ledger: ledger.optional(),
  tools: tools.optional(),
  termination,
  frozen: frozen.optional(),
  capacity: capacity.optional(),
  cpu: gauge
    .optional()
    .describe('the metric for the CPU time that the process has used, in seconds, for `chaos/breaker-benefit`'),
  requires: z
    .array(z.string())
    .default([])
    .describe(
      'scenarios or suites that must be judged, such as `chaos/llm-outage`. A run that skips one of them is ' +
        'INCONCLUSIVE, so that a promise that was removed by accident is noticed; default: skipped scenarios do ' +
        'not affect the verdict',
    ),
  memory: gauge.optional().describe('the metric for the memory of the process, in bytes, for `load/soak`'),
  profiles: z
    .record(name, numbers)
    .describe(
      'the numbers of the promises, by the name of the profile: `fast` has small numbers for short runs, and ' +
        '`production` those of production. `fast` is required unless --profile selects another one',
    ),
});

/** A contract in which all defaults have been filled in. */
export type Contract = z.output<typeof contractSchema> & {
  /** Whether scenarios make only the calls that `doctor` needs. It is not part of the file. */
  readonly isBrief?: boolean;
};

/** A contract as written in a file. Fields that have a default are optional. */
export type ContractFile = z.input<typeof contractSchema>;

/** The numbers in a profile, such as `fast` or `production`: limits, thresholds, timeouts in seconds, pool sizes. */
export type Numbers = z.output<typeof numbers>;

/** The value of a setting. Its name is judged, because a result may have to name it. */
const hidden = z.string().transform(() => '');

/**
 * The part of a contract that is judged, and stored in every history. The values of settings, including those of
 * upstreams, are left out because they may contain secrets.
 */
export const promises = contractSchema
  .omit({
    start: true,
    database: true,
    environment: true,
    files: true,
    requires: true,
    profiles: true,
  })
  .extend({
    conditions: z.record(z.string(), z.record(z.string(), hidden)).default({}),
    upstreams: z
      .record(
        z.string(),
        z.object({
          tcp: z.string().optional(),
          tls: z.boolean().optional(),
          via: z.literal('proxy').optional(),
          calls: z.union([z.string(), promisedCalls]).optional(),
          models: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
          conversation: conversation.optional(),
          ...promisedConcurrency,
          quota: promisedQuota.optional(),
        }),
      )
      .default({}),
    endpoints: z.record(z.string(), judgedEndpoint),
    budgets: z.record(z.string(), judgedBudget).default({}),
  });

/** The part of a profile that is judged and stored in every history. */
export const judgedNumbers = numbers.omit({ environment: true });

/**
 * Returns the name of the endpoint that must work no matter what else is broken, or undefined if the contract has none.
 */
export const healthOf = ({
  health,
  endpoints,
}: {
  health?: string | undefined;
  endpoints: object;
}): string | undefined => health ?? ('health' in endpoints ? 'health' : undefined);

/**
 * Returns the numbers in a profile.
 *
 * @throws ProofloadError USAGE if the contract has no such profile
 */
export function numbersOf(contract: Contract, profile: string): Numbers {
  const found = entryOf(contract.profiles, profile);
  if (found) return found;
  const known = Object.keys(contract.profiles).join(', ');
  throw new ProofloadError('USAGE', `the contract has no profile "${profile}"; allowed: ${known}`);
}
