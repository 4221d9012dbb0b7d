/**
 * The contract describes what a service promises and how to start it. It is all that the harness knows about a service.
 *
 * A team writes it as YAML, JSON or a module (docs/your-service.md). load.ts reads it and reports all problems.
 * Anything that it does not promise is not judged. The descriptions below are part of schemas/contract.schema.json and
 * are shown by editors, so run `make schemas` after changing them. docs/architecture.md says what a new promise needs.
 */

import { z } from 'zod';
import { endpointName, name } from '../../faults/base/name.ts';
import { promisedCalls } from '../../mocks/promised-calls.ts';
import { promisedConcurrency } from '../../mocks/promised-concurrency.ts';
import { entryOf } from '../base/entry-of.ts';
import { ProofloadError } from '../base/errors.ts';
import { authentication } from './schema/authentication.ts';
import { breaker } from './schema/breaker.ts';
import { client } from './schema/client.ts';
import { capacity, frozen, gauge, ledger } from './schema/data.ts';
import { endpoint, judgedEndpoint } from './schema/endpoint.ts';
import { files } from './schema/files.ts';
import { ignoredHosts } from './schema/ignored-hosts.ts';
import { limiter } from './schema/limiter.ts';
import { environment, numbers } from './schema/numbers.ts';
import { refusedStart, secret } from './schema/refused-starts.ts';
import { retryAfter } from './schema/retry-after.ts';
import { secrecy } from './schema/secrecy.ts';
import { start } from './schema/start.ts';
import { termination } from './schema/termination.ts';
import { tls } from './schema/tls.ts';
import { upstreams } from './schema/upstreams.ts';

/** Limits a run's duration, because scenarios call each endpoint, sometimes dozens of times. */
const MOST_ENDPOINTS = 1_000;

export const contractSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string(),
  start,
  upstreams: upstreams.default({}),
  ignoredHosts: ignoredHosts.default([]),
  environment: environment.default({}),
  files: files.default({}),
  conditions: z
    .record(name, environment)
    .default({})
    .describe('conditions that scenarios may require, by name, with the settings that establish them'),
  endpoints: z
    .record(endpointName, endpoint)
    .refine((endpoints) => Object.keys(endpoints).length <= MOST_ENDPOINTS, `has more than ${MOST_ENDPOINTS} endpoints`)
    .describe(`by name, such as "ask" or "POST /ask"; at most ${MOST_ENDPOINTS}`),
  health: z
    .string()
    .optional()
    .describe('an endpoint that must always work, because it depends on nothing; default: the endpoint named health'),
  breakers: z
    .record(name, breaker)
    .default({})
    .describe('by name; a scenario about one breaker runs for each of them, such as chaos/llm-outage'),
  authentication: authentication.optional(),
  client: client.default('socket'),
  limiter: limiter.prefault({}),
  pool: z
    .strictObject({ table: z.string(), endpoint: z.string(), refusal: z.int(), retryAfter })
    .optional()
    .describe('an endpoint that reads a table once per request, and its status when no connection is available'),
  tls: tls.prefault({}),
  secret: secret.optional(),
  secrecy: secrecy.optional(),
  refusedStarts: z
    .record(name, refusedStart)
    .optional()
    .describe('settings with which the service must not start, by a name for the mistake'),
  ledger: ledger.optional(),
  termination,
  frozen: frozen.optional(),
  capacity: capacity.optional(),
  cpu: gauge.optional().describe('the metric for the CPU time that the process has used, in seconds'),
  requires: z
    .array(z.string())
    .default([])
    .describe(
      'scenarios or suites that must be judged, such as chaos/llm-outage: a run that skips one of them is INCONCLUSIVE',
    ),
  memory: gauge.optional().describe('the metric for the memory of the process, in bytes'),
  profiles: z.record(name, numbers).describe('by name; the default is "fast"'),
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

/**
 * The part of a contract that is judged, and stored in every history. Settings, including those of upstreams, are left
 * out because they may contain secrets.
 */
export const promises = contractSchema
  .omit({
    start: true,
    environment: true,
    files: true,
    conditions: true,
    requires: true,
    profiles: true,
  })
  .extend({
    upstreams: z
      .record(
        z.string(),
        z.object({
          tcp: z.string().optional(),
          tls: z.boolean().optional(),
          via: z.literal('proxy').optional(),
          calls: z.union([z.string(), promisedCalls]).optional(),
          models: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
          ...promisedConcurrency,
        }),
      )
      .default({}),
    endpoints: z.record(z.string(), judgedEndpoint),
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
