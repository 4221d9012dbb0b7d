/**
 * The contract: what a service promises, and how it is started. It is all that the harness knows about a service.
 *
 * A team writes it as YAML, JSON or a module (docs/your-service.md); load.ts reads it and reports every problem. A
 * promise that is absent is not judged. The descriptions below are part of schemas/contract.schema.json, which editors
 * show as help: run `make schemas` after a change. A new promise needs a check, a defect in test/defects/,
 * documentation, and an entry in the doctor.
 */

import { z } from 'zod';
import { certificateKinds } from '../../faults/certificates/certificate-kinds.ts';
import { ProofloadError } from '../base/errors.ts';
import { environment, numbers } from './numbers.ts';

const endpoint = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/').describe('${unique} is replaced by a unique text in each request'),
  body: z.json().optional().describe('${unique} is replaced by a unique text in each request'),
  user: z
    .string()
    .optional()
    .describe('the user who sends the request; ${unique} is the same text in all parts of one request'),
  served: z.array(z.int()).min(1).describe('statuses that mean that the request was served'),
  reaches: z.array(z.string()).default([]).describe('the upstreams that a request calls, in order, each of them once'),
  servedWithout: z
    .array(z.string())
    .default([])
    .describe(
      'upstreams of `reaches` that are optional: while their breaker is open, the request is served without them',
    ),
});

const logPattern = z
  .array(z.string())
  .min(1)
  .describe('texts that a log line must contain, all of them; {failures} and {recovery} match numbers');

const retryAfter = z
  .boolean()
  .default(false)
  .describe('whether the refusal has a Retry-After header, in whole seconds');

const fault = z.looseObject({ kind: z.string() });

const breaker = z.strictObject({
  upstream: z.string(),
  endpoint: z
    .string()
    .describe('an endpoint that calls the upstream of this breaker before any other upstream that has a breaker'),
  refusal: z.int().describe('the status of a request that an open breaker refuses'),
  retryAfter,
  trials: z
    .enum(['one', 'any'])
    .default('one')
    .describe(
      'the calls that a half-open breaker lets through until one of them has ended: a single one, or any number',
    ),
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
      'faults of the upstream that count as failures, in any order; at least one must fail a call immediately (not hang, stall, ' +
        'latency, latency-ramp, slow-first-token, refuse or certificate)',
    ),
  ignored: z
    .array(fault)
    .default([])
    .describe('faults that neither count as failures nor reset the count, such as a 4xx'),
  harmless: z.array(fault).default([]).describe('faults that do not fail a call: it is served, and resets the count'),
  log: z
    .strictObject({
      opened: logPattern,
      halfOpen: logPattern.optional().describe('leave it out if the log does not show it, or not for which breaker'),
      closed: logPattern,
    })
    .optional(),
});

const limiter = z.strictObject({
  window: z
    .enum(['first-request', 'clock', 'sliding'])
    .default('first-request')
    .describe(
      "when a window begins: with the client's first request, at multiples of its length since the epoch, or (sliding) with each request",
    ),
  retryAfter,
  headers: z
    .array(z.enum(['draft-6', 'draft-7', 'draft-8', 'x-ratelimit']))
    .default([])
    .describe(
      'rate-limit headers in every answer of a limited endpoint, by the draft that defines them: RateLimit-* up to draft 6, ' +
        'RateLimit as a dictionary in draft 7, as a list of policies from draft 8 on; or X-RateLimit-*',
    ),
});

const tls = z.strictObject({
  refused: z
    .array(z.enum(certificateKinds).exclude(['trusted']))
    .default(certificateKinds.filter((kind) => kind !== 'trusted'))
    .describe('kinds of upstream certificates that the service must refuse; default: every kind that the lab has'),
  refusal: z.int().optional().describe('the status of a request if an upstream presents such a certificate'),
});

const exitCode = z.int().min(1).max(255).optional().describe('the exit code of a refused start; default: any except 0');

const refusedStart = z.strictObject({
  settings: z.record(z.string(), z.string().nullable()).describe('settings of the service; null removes a setting'),
  says: z.string().describe('a text in the output of the refused start'),
  exitCode,
});

const secret = z.strictObject({
  setting: z.string(),
  weak: z
    .record(z.string(), z.string().nullable())
    .describe('values with which the service must not start; null removes the setting'),
  strong: z.record(z.string(), z.string()).describe('values with which the service must start'),
  refusal: z.string().describe('a text in the output of a refused start'),
  exitCode,
});

const authentication = z
  .strictObject({
    kind: z.literal('bearer-jwt-hs256').describe('a JWT in Authorization: Bearer, with the user in sub'),
    keySetting: z.string().describe('the setting of the service that holds the signing key'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('how requests are authenticated');

const ledger = z
  .strictObject({
    endpoint: z.string().describe('an endpoint that stores a row for each request'),
    table: z.string(),
    column: z.string().describe('the column that identifies the row of a request'),
    key: z
      .string()
      .includes('${unique}')
      .describe('the value of that column for a request, with the same ${unique} as in the request'),
    acknowledged: z.array(z.int()).min(1).describe('statuses that acknowledge that the row is stored'),
  })
  .describe('a table that shows whether acknowledged data is kept');

const capacity = z
  .strictObject({
    endpoint: z.string().describe('the endpoint under load'),
    refusal: z.int().describe('the status of a request beyond the capacity'),
  })
  .describe('how the service behaves under a load beyond its capacity');

const gauge = z.strictObject({
  endpoint: z.string(),
  metric: z.string().describe('the name of the metric in the response'),
});

const isReachable = (url: string): boolean => URL.canParse(url) && new URL(url).port !== '0';

const running = z
  .strictObject({
    url: z
      .string()
      .regex(/^http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?$/, 'must be on this machine, such as http://127.0.0.1:8000')
      .refine(isReachable, 'must have an address in 127.0.0.0/8 and a port from 1 to 65535'),
    log: z.string().optional().describe('the log file of the service, which is read while a scenario runs'),
  })
  .describe('a service that runs already; proofload does not start it, change its settings or end it');

const start = z
  .strictObject({
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'the command that starts the service, in the working directory of proofload; the lab fills in ${…}. Either this or running',
      ),
    running: running.optional(),
    readyPath: z.string().startsWith('/').describe('a path that answers 2xx when the service is ready'),
    readySeconds: z.number().positive().describe('seconds until the service must be ready'),
  })
  .refine(
    ({ command, running }) => (command === undefined) !== (running === undefined),
    'needs either command or running',
  );

/** Bounds the duration of a run: scenarios call each endpoint, some of them dozens of times. */
const MOST_ENDPOINTS = 1_000;

export const contractSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string(),
  start,
  environment: environment.default({}),
  conditions: z
    .record(z.string(), environment)
    .default({})
    .describe('conditions that scenarios may require, by name, with the settings that establish them'),
  endpoints: z
    .record(z.string(), endpoint)
    .refine((endpoints) => Object.keys(endpoints).length <= MOST_ENDPOINTS, `has more than ${MOST_ENDPOINTS} endpoints`)
    .describe(`by name; at most ${MOST_ENDPOINTS}`),
  health: z
    .string()
    .optional()
    .describe(
      'an endpoint that must work whatever is broken, because it depends on nothing; default: the endpoint named health',
    ),
  breakers: z
    .record(z.string(), breaker)
    .default({})
    .describe('by name; scenarios about outages look for the names llm and memory'),
  authentication: authentication.optional(),
  client: z
    .enum(['socket', 'last-forwarded'])
    .default('socket')
    .describe(
      'how the service identifies a client: by the address of its socket, or the last entry of X-Forwarded-For',
    ),
  limiter: limiter.prefault({}),
  pool: z
    .strictObject({ table: z.string(), endpoint: z.string(), refusal: z.int(), retryAfter })
    .optional()
    .describe('an endpoint that reads a table once per request, and its status when no connection is available'),
  tls: tls.prefault({}),
  secret: secret.optional(),
  refusedStarts: z
    .record(z.string(), refusedStart)
    .optional()
    .describe('settings with which the service must not start, by a name for the mistake'),
  ledger: ledger.optional(),
  capacity: capacity.optional(),
  cpu: gauge.optional().describe('the metric of the processor time that the process has used, in seconds'),
  requires: z
    .array(z.string())
    .default([])
    .describe(
      'scenarios or suites that must be judged, such as chaos/llm-outage: a run that skips one of them is INCONCLUSIVE',
    ),
  memory: gauge.optional().describe('the metric of the memory of the process, in bytes'),
  profiles: z.record(z.string(), numbers).describe('by name; the default is "fast"'),
});

/** A contract with all defaults filled in. */
export type Contract = z.output<typeof contractSchema>;

/** A contract as it is written in a file: fields with a default may be left out. */
export type ContractFile = z.input<typeof contractSchema>;

/** The numbers of one profile, such as `fast` or `production`: limits, thresholds, timeouts in seconds, pool sizes. */
export type Numbers = z.output<typeof numbers>;

/**
 * The part of a contract that is judged, and stored in every history. Settings are left out because they may contain
 * secrets.
 */
export const promises = contractSchema.omit({
  start: true,
  environment: true,
  conditions: true,
  requires: true,
  profiles: true,
});

/** The part of a profile that is judged, and stored in every history. */
export const judgedNumbers = numbers.omit({ environment: true });

/** Returns the name of the endpoint that must work whatever is broken; undefined if the contract has none. */
export const healthOf = ({ health, endpoints }: Pick<Contract, 'health' | 'endpoints'>): string | undefined =>
  health ?? ('health' in endpoints ? 'health' : undefined);

/** Returns the numbers of a profile. @throws ProofloadError USAGE if the contract has no such profile. */
export function numbersOf(contract: Contract, profile: string): Numbers {
  const found = contract.profiles[profile];
  if (found) return found;
  const known = Object.keys(contract.profiles).join(', ');
  throw new ProofloadError('USAGE', `the contract has no profile "${profile}"; allowed: ${known}`);
}
